import type { OrganizationId, Scope as ScopeOf, Session } from '@bailiwick/core'
import {
  Authenticated,
  AuthorizationModule,
  Authorized,
  body,
  Conceal,
  CurrentSession,
  Public,
  param,
  permission,
  RequireAll,
  RequirePermission,
  Scope,
  type Target,
} from '@bailiwick/nest'
import { Controller, Get, type INestApplication, Module, Post, type Type } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openProduct, type Person, type Product } from './product.js'

@Controller('projects')
@Authenticated()
class Projects {
  @Get()
  list(@Scope('project:view') scope: ScopeOf, @CurrentSession() session: Session) {
    return { scope, user: session.userId }
  }

  @Get('above')
  above(@Scope('project:view', 'workspace') scope: ScopeOf) {
    return { scope }
  }

  @Get('open')
  @Public()
  open(@Scope('project:view') scope: ScopeOf) {
    return { scope }
  }

  @Get(':id')
  @RequirePermission('project:view', { resource: param('id') })
  read(@Authorized('project') target: Target) {
    return { target }
  }

  @Get('ids/:id')
  @RequirePermission('project:view', { resource: param('id', { as: 'id' }) })
  readById(@Authorized('project') target: Target) {
    return { target }
  }

  @Get('wrong/:id')
  @RequirePermission('project:view', { resource: param('id') })
  wrong(@Authorized('workspace') target: Target) {
    return { target }
  }

  @Post('pairs/:id')
  @RequireAll(
    permission('project:view', { resource: param('id') }),
    permission('project:edit', { resource: body('other') }),
  )
  pairs(@Authorized('project') target: Target) {
    return { target }
  }

  @Post('namesakes/:id')
  @RequireAll(
    permission('project:view', { resource: param('id', { as: 'id' }) }),
    permission('project:edit', { resource: body('other') }),
  )
  namesakes(@Authorized('project') target: Target) {
    return { target }
  }
}

@Controller('secrets')
@Conceal()
class Secrets {
  @Get(':id')
  @RequirePermission('project:view', { resource: param('id') })
  read() {
    return 'a secret'
  }
}

@Controller('mixed')
class Mixed {
  @Get('concealed/:id')
  @Conceal()
  @RequirePermission('project:view', { resource: param('id') })
  concealed() {}

  @Get('plain/:id')
  @RequirePermission('project:view', { resource: param('id') })
  plain() {}
}

describe.each([
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
])('Nest on %s', (_, adapter) => {
  let product: Product
  let app: INestApplication

  beforeAll(async () => {
    product = await openProduct()
    @Module({
      imports: [AuthorizationModule.forRoot({ authorizer: product.authorizer })],
      controllers: [Projects, Secrets, Mixed] satisfies Type[],
    })
    class AppModule {}
    app = await NestFactory.create(AppModule, adapter(), { logger: false, abortOnError: false })
    await app.listen(0, '127.0.0.1')
  })
  afterAll(() => app.close())

  const ask = (path: string, person?: Person) => send(request(app.getHttpServer()).get(path), person)
  const send = (sending: request.Test, person?: Person) =>
    person === undefined ? sending : sending.set('authorization', `Bearer ${product.tokens[person]}`)

  describe('`@Authorized`', () => {
    test('is the resource that the guard has allowed', async () => {
      expect((await ask('/projects/web', 'editor')).body).toEqual({
        target: { type: 'project', externalId: 'web' },
      })
      expect((await ask(`/projects/ids/${product.webId}`, 'editor')).body).toEqual({
        target: { resourceId: product.webId },
      })
      expect((await ask('/projects/app', 'editor')).status).toBe(403)
    })

    test('is a mistake of the developer where the guard asks about none of the type, or about two', async () => {
      expect((await ask('/projects/wrong/web', 'editor')).status).toBe(500)
      const pairs = (other: string) =>
        send(request(app.getHttpServer()).post('/projects/pairs/web').send({ other }), 'wide')
      expect((await pairs('web')).body).toEqual({ target: { type: 'project', externalId: 'web' } })
      expect((await pairs('app')).status).toBe(500)
    })
  })

  test('`@Authorized` does not take a project that is called like the id of another for that one', async () => {
    const { engine, webId } = product
    const named = { organizationId: 'org_acme' as OrganizationId, type: 'project', externalId: webId }
    const parent = { type: 'workspace', externalId: 'eng' }
    await engine.createResource({ ...named, name: 'A namesake', parent })
    const namesakes = request(app.getHttpServer()).post(`/projects/namesakes/${webId}`)
    expect((await send(namesakes.send({ other: webId }), 'wide')).status).toBe(500)
  })

  describe('`@Scope`', () => {
    test('is where the session may, of the type of the permission or of another', async () => {
      const { body: listed } = await ask('/projects', 'editor')
      expect(listed).toMatchObject({
        user: 'editor',
        scope: {
          kind: 'some',
          type: 'project',
          within: [{ type: 'project', externalId: 'web' }],
          except: [],
        },
      })
      expect((await ask('/projects', 'wide')).body.scope).toMatchObject({ kind: 'all', type: 'project' })
      expect((await ask('/projects', 'nobody')).body.scope).toEqual({ kind: 'none' })
      expect((await ask('/projects/above', 'wide')).body.scope).toMatchObject({
        kind: 'all',
        type: 'workspace',
      })
    })

    test('needs a session, also on a public route', async () => {
      expect((await ask('/projects')).status).toBe(401)
      expect((await ask('/projects/open', 'editor')).body).toMatchObject({ code: 'session_missing' })
    })
  })

  describe('`@Conceal`', () => {
    test('makes a denial what an unknown resource is', async () => {
      expect((await ask('/secrets/web', 'editor')).status).toBe(200)
      const [denied, unknown] = [await ask('/secrets/app', 'editor'), await ask('/secrets/nowhere', 'editor')]
      expect(denied.status).toBe(404)
      expect(denied.body).toEqual(unknown.body)
    })

    test('holds for the handler that it stands on', async () => {
      expect((await ask('/mixed/concealed/app', 'editor')).status).toBe(404)
      expect((await ask('/mixed/plain/app', 'editor')).status).toBe(403)
    })
  })
})
