import { AuthorizationModule, Public, param, RequirePermission } from '@bailiwick/nest'
import {
  All,
  applyDecorators,
  Controller,
  Get,
  type INestApplication,
  Module,
  Sse,
  type Type,
  Version,
  type VersioningOptions,
  VersioningType,
} from '@nestjs/common'
import { type AbstractHttpAdapter, LazyModuleLoader, NestFactory, RouterModule } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { of } from 'rxjs'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openProduct, type Product } from './product.js'

let product: Product
let app: INestApplication
let handled: string[]
beforeAll(async () => {
  product = await openProduct()
})
beforeEach(() => {
  handled = []
})
afterEach(() => app.close())

const editOnId = RequirePermission('project:edit', { resource: param('id') })

// Whatever leads to a handler, it is the handler's own demand that holds.
describe.each([
  ['Express', (): AbstractHttpAdapter => new ExpressAdapter()],
  ['Fastify', (): AbstractHttpAdapter => new FastifyAdapter()],
])('Nest on %s guards', (_, adapter) => {
  async function serve(
    controllers: Type | readonly Type[],
    prepare: (app: INestApplication) => void = () => {},
    imports: NonNullable<Parameters<typeof Module>[0]['imports']> = [],
  ): Promise<void> {
    @Module({
      imports: [AuthorizationModule.forRoot({ authorizer: product.authorizer }), ...imports],
      controllers: [controllers].flat(),
    })
    class AppModule {}
    app = await NestFactory.create(AppModule, adapter(), {
      logger: false,
      abortOnError: false,
      forceCloseConnections: true,
    })
    prepare(app)
    await app.listen(0, '127.0.0.1')
  }

  async function ask(
    path: string,
    as?: 'editor' | 'nobody',
    headers: Record<string, string> = {},
  ): Promise<number> {
    const authorization = as && { authorization: `Bearer ${product.tokens[as]}` }
    const response = await fetch(`${await app.getUrl()}${path}`, {
      headers: { ...headers, ...authorization },
    })
    await response.text()
    return response.status
  }

  describe('each version of a route by what that version says', () => {
    @Controller('projects')
    class Projects {
      @Get(':id')
      @Version('1')
      @Public()
      old() {
        handled.push('old')
      }

      @Get(':id')
      @Version('2')
      @editOnId
      current() {
        handled.push('current')
      }
    }

    test.each<[string, VersioningOptions, (version: string) => readonly [string, Record<string, string>?]]>([
      ['its path', { type: VersioningType.URI }, (version) => [`/v${version}/projects/web`]],
      [
        'a header',
        { type: VersioningType.HEADER, header: 'x-version' },
        (version) => ['/projects/web', { 'x-version': version }],
      ],
      [
        'its media type',
        { type: VersioningType.MEDIA_TYPE, key: 'v=' },
        (version) => ['/projects/web', { accept: `application/json;v=${version}` }],
      ],
    ])('named by %s', async (_, versioning, named) => {
      await serve(Projects, (made) => made.enableVersioning(versioning))
      const at = (version: string, as?: 'editor' | 'nobody') => {
        const [path, headers] = named(version)
        return ask(path, as, headers)
      }
      expect([await at('1'), await at('2'), await at('2', 'nobody'), await at('2', 'editor')]).toEqual([
        200, 401, 403, 200,
      ])
      expect(handled).toEqual(['old', 'current'])
    })
  })

  test('routes behind a prefix, and those left out of it', async () => {
    @Controller('projects')
    class Projects {
      @Get('plain/:id')
      @editOnId
      plain() {}

      @Get('behind/:id')
      @editOnId
      behind() {}
    }
    await serve(Projects, (made) => made.setGlobalPrefix('api', { exclude: ['projects/plain/:id'] }))
    for (const path of ['/projects/plain', '/api/projects/behind']) {
      expect([
        await ask(`${path}/web`),
        await ask(`${path}/app`, 'editor'),
        await ask(`${path}/web`, 'editor'),
      ]).toEqual([401, 403, 200])
    }
    expect([await ask('/projects/behind/web'), await ask('/api/projects/plain/web')]).toEqual([404, 404])
  })

  test('routes of modules inside of modules, by the parameters of their paths', async () => {
    @Controller('settings')
    class Settings {
      @Get()
      @editOnId
      read() {}
    }
    @Module({ controllers: [Settings] })
    class SettingsModule {}
    const router = RouterModule.register([
      { path: 'projects/:id', children: [{ path: 'own', module: SettingsModule }] },
    ])
    await serve([], undefined, [SettingsModule, router])
    expect([
      await ask('/projects/web/own/settings'),
      await ask('/projects/app/own/settings', 'editor'),
      await ask('/projects/web/own/settings', 'editor'),
    ]).toEqual([401, 403, 200])
  })

  test('streams of events, and what takes every method', async () => {
    @Controller('projects/:id')
    @editOnId
    class Projects {
      @Sse('events')
      events() {
        return of({ data: 'moved' })
      }

      @All('whatever')
      whatever() {}
    }
    await serve(Projects)
    for (const path of ['events', 'whatever']) {
      expect([
        await ask(`/projects/web/${path}`),
        await ask(`/projects/app/${path}`, 'editor'),
        await ask(`/projects/web/${path}`, 'editor'),
      ]).toEqual([401, 403, 200])
    }
  })

  test('what decorators of the application are made of', async () => {
    const EditProject = (path: string) => applyDecorators(Get(path), editOnId)
    const Administration = () => applyDecorators(Controller('admin'), RequirePermission('billing:manage'))
    @Controller('projects')
    @Public()
    class Projects {
      @EditProject(':id')
      edit() {}
    }
    @Administration()
    class Admin {
      @Get()
      read() {}
    }
    await serve([Projects, Admin])
    expect([
      await ask('/projects/web'),
      await ask('/projects/app', 'editor'),
      await ask('/projects/web', 'editor'),
    ]).toEqual([401, 403, 200])
    expect([await ask('/admin'), await ask('/admin', 'editor')]).toEqual([401, 403])
  })

  test('no route of a module that is loaded later, since there is none', async () => {
    @Controller('later')
    class Later {
      @Get()
      read() {
        handled.push('later')
      }
    }
    @Module({ controllers: [Later] })
    class LaterModule {}
    await serve([])
    await app.get(LazyModuleLoader).load(() => LaterModule)
    expect(await ask('/later', 'editor')).toBe(404)
    expect(handled).toEqual([])
  })
})
