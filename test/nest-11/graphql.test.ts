import type { Server } from 'node:http'
import { createAuthorizer, remoteEngine } from '@bailiwick/client'
import { parseMembershipId, parseOrganizationId } from '@bailiwick/core'
import { memoryStore, openEngine } from '@bailiwick/engine'
import {
  Authenticated,
  AuthorizationModule,
  type AuthorizationModuleOptions,
  arg,
  CurrentSession,
  parent,
  RequirePermission,
} from '@bailiwick/nest'
import { createServer } from '@bailiwick/server'
import { createIssuer } from '@bailiwick/testing'
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo'
import { type INestApplication, Module, type Type } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import {
  Args,
  Field,
  GraphQLModule,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql'
import { ExpressAdapter } from '@nestjs/platform-express'
import supertest from 'supertest'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { model, openProduct, type Person, type Product } from '../guards/product.js'

let product: Product
let app: INestApplication | undefined
let handled: string[] = []

beforeAll(async () => {
  product = await openProduct()
})

afterEach(async () => {
  await app?.close()
  app = undefined
  handled = []
})

@ObjectType()
class Project {
  @Field(() => ID)
  id = ''
}

@InputType()
class Renaming {
  @Field(() => String)
  projectId = ''
}

@Resolver(() => Project)
@Authenticated()
class Projects {
  @Query(() => Project)
  @RequirePermission('project:view', { resource: arg('id') })
  project(@Args('id', { type: () => String }) id: string) {
    handled.push(`project ${id}`)
    return { id }
  }

  @Query(() => String)
  me(@CurrentSession() session: { readonly userId: string }) {
    return session.userId
  }

  @Query(() => Project)
  anyProject() {
    return { id: 'app' }
  }

  @Mutation(() => Boolean)
  @RequirePermission('project:edit', { resource: arg('input.projectId') })
  rename(@Args('input', { type: () => Renaming }) { projectId }: Renaming) {
    handled.push(`rename ${projectId}`)
    return true
  }

  @ResolveField(() => String)
  @RequirePermission('project:edit', { resource: parent('id') })
  secret(@Parent() project: Project) {
    return `secret of ${project.id}`
  }
}

async function serve(
  options: Partial<AuthorizationModuleOptions> = {},
  graphql: Partial<ApolloDriverConfig> = { fieldResolverEnhancers: ['guards', 'filters'] },
): Promise<void> {
  @Module({
    imports: [
      AuthorizationModule.forRoot({ authorizer: product.authorizer, ...options }),
      GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true, ...graphql }),
    ],
    providers: [Projects],
  })
  class AppModule {}
  app = await create(AppModule)
  await app.init()
}

function create(module: Type): Promise<INestApplication> {
  return NestFactory.create(module, new ExpressAdapter(), { logger: false, abortOnError: false })
}

interface Answer {
  readonly data?: Record<string, unknown> | null
  readonly errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[]
}

function ask(query: string, person?: Person | 'expired'): Promise<Answer> {
  return askWith(query, person && product.tokens[person])
}

async function askWith(query: string, token: string | undefined): Promise<Answer> {
  const request = supertest(app?.getHttpServer() as Server).post('/graphql')
  if (token !== undefined) request.set('authorization', `Bearer ${token}`)
  return (await request.send({ query })).body as Answer
}

describe('a GraphQL resolver', () => {
  test('runs for who may, on the object that an argument names, and on no other', async () => {
    await serve()
    expect(await ask('{ project(id: "web") { id } }', 'editor')).toEqual({ data: { project: { id: 'web' } } })
    const denied = await ask('{ project(id: "app") { id } }', 'editor')
    expect(denied.data).toBeNull()
    expect(denied.errors).toMatchObject([
      {
        extensions: {
          code: 'FORBIDDEN',
          status: 403,
          permission: 'project:view',
          resource: { externalId: 'app' },
        },
      },
    ])
    expect(handled).toEqual(['project web'])
  })

  test('takes no query without a token, or with a bad one', async () => {
    await serve()
    expect((await ask('{ me }', 'editor')).data).toEqual({ me: 'editor' })
    expect((await ask('{ me }')).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED', reason: 'session_missing' } },
    ])
    expect((await ask('{ me }', 'expired')).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED', reason: 'session_expired' } },
    ])
  })

  test('looks into input objects', async () => {
    await serve()
    expect((await ask('mutation { rename(input: { projectId: "web" }) }', 'editor')).data).toEqual({
      rename: true,
    })
    expect((await ask('mutation { rename(input: { projectId: "app" }) }', 'editor')).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ])
    expect(handled).toEqual(['rename web'])
  })

  test('says that it cannot decide while the engine is down', async () => {
    await serve({ authorizer: product.authorizerDown })
    expect((await ask('{ project(id: "web") { id } }', 'editor')).errors).toMatchObject([
      { extensions: { code: 'SERVICE_UNAVAILABLE', status: 503 } },
    ])
    expect(handled).toEqual([])
  })
})

describe('a query with many fields', () => {
  test('verifies its token once, and asks the service once', async () => {
    const asked: string[] = []
    const engine = await openEngine({ store: memoryStore(), model })
    const acme = parseOrganizationId('org_acme')
    await engine.createOrganization({ id: acme, name: 'Acme' })
    const membershipId = parseMembershipId('om_viewer')
    await engine.createMembership({
      organizationId: acme,
      userId: 'viewer',
      id: membershipId,
      roles: ['owner'],
    })
    await engine.createResource({ organizationId: acme, type: 'workspace', externalId: 'eng', name: 'eng' })
    const workspace = { type: 'workspace', externalId: 'eng' }
    for (const externalId of ['a', 'b', 'c', 'd']) {
      await engine.createResource({
        organizationId: acme,
        type: 'project',
        externalId,
        name: externalId,
        parent: workspace,
      })
    }
    const apiKey = 'sk_test_many_fields'
    const server = await createServer({ engine, apiKey, inspect: ({ path }) => asked.push(path) })
    const url = await server.listen({ port: 0 })
    const remote = await remoteEngine({ url, apiKey })
    const issuer = await createIssuer()
    await serve({ authorizer: createAuthorizer({ engine: remote, session: issuer.sessionOptions }) })
    const token = await issuer.token({ user: 'viewer', organization: acme, membership: membershipId })
    asked.length = 0
    const signatures = vi.spyOn(crypto.subtle, 'verify')
    const answer = await askWith(
      '{ a: project(id: "a") { id } b: project(id: "b") { id } c: project(id: "c") { id } d: project(id: "d") { id } }',
      token,
    )
    expect(answer).toEqual({ data: { a: { id: 'a' }, b: { id: 'b' }, c: { id: 'c' }, d: { id: 'd' } } })
    expect(signatures).toHaveBeenCalledTimes(1)
    expect(asked).toEqual(['/authorization/checks'])
    signatures.mockRestore()
    await remote.close()
    await server.close()
    await engine.close()
  })
})

describe('a field resolver', () => {
  test('is guarded by the object whose field it is', async () => {
    await serve()
    expect((await ask('{ project(id: "web") { secret } }', 'editor')).data).toEqual({
      project: { secret: 'secret of web' },
    })
    const denied = await ask('{ anyProject { id secret } }', 'editor')
    expect(denied.data).toBeNull()
    expect(denied.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', permission: 'project:edit' } }])
  })

  test('does not start where Nest would not call its guard', async () => {
    await expect(serve({}, {})).rejects.toThrow("add `fieldResolverEnhancers: ['guards', 'filters']`")
  })
})
