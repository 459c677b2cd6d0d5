import { type Authorizer, createAuthorizer, remoteEngine } from '@bailiwick/client'
import { parseMembershipId, parseOrganizationId } from '@bailiwick/core'
import { memoryStore, openEngine } from '@bailiwick/engine'
import { Authenticated, arg, CurrentSession, parent, RequirePermission } from '@bailiwick/nest'
import { createServer } from '@bailiwick/server'
import { createIssuer } from '@bailiwick/testing'
import { ApolloDriver } from '@nestjs/apollo'
import type { INestApplication } from '@nestjs/common'
import {
  Args,
  Field,
  type GqlModuleOptions,
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
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { model, openProduct, type Person, type Product } from '../guards/product.js'
import { drivers, type GraphqlApplication, serveGraphql } from './graphql-drivers.js'

let product: Product
let handled: string[] = []

beforeAll(async () => {
  product = await openProduct()
})
beforeEach(() => {
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

interface Answer {
  readonly data?: Record<string, unknown> | null
  readonly errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[]
}

describe.each(drivers)('GraphQL by the driver of $name', (driver) => {
  let app: INestApplication
  beforeAll(async () => {
    app = await serve(product.authorizer)
  })
  afterAll(() => app.close())

  function serve(
    authorizer: Authorizer,
    more: Partial<Pick<GraphqlApplication, 'graphql' | 'modules' | 'resolvers'>> = {},
  ): Promise<INestApplication> {
    return serveGraphql({ driver, authorization: { authorizer }, resolvers: [Projects], ...more })
  }

  function ask(query: string, person?: Person | 'expired', at: INestApplication = app): Promise<Answer> {
    return askWith(query, person && product.tokens[person], at)
  }

  describe('a resolver', () => {
    test('runs for who may, on the object that an argument names, and on no other', async () => {
      expect(await ask('{ project(id: "web") { id } }', 'editor')).toEqual({
        data: { project: { id: 'web' } },
      })
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
      expect((await ask('{ me }', 'editor')).data).toEqual({ me: 'editor' })
      expect((await ask('{ me }')).errors).toMatchObject([
        { extensions: { code: 'UNAUTHENTICATED', reason: 'session_missing' } },
      ])
      expect((await ask('{ me }', 'expired')).errors).toMatchObject([
        { extensions: { code: 'UNAUTHENTICATED', reason: 'session_expired' } },
      ])
    })

    test('looks into input objects', async () => {
      expect((await ask('mutation { rename(input: { projectId: "web" }) }', 'editor')).data).toEqual({
        rename: true,
      })
      expect((await ask('mutation { rename(input: { projectId: "app" }) }', 'editor')).errors).toMatchObject([
        { extensions: { code: 'FORBIDDEN' } },
      ])
      expect(handled).toEqual(['rename web'])
    })

    test('says that it cannot decide while the engine is down', async () => {
      const down = await serve(product.authorizerDown)
      expect((await ask('{ project(id: "web") { id } }', 'editor', down)).errors).toMatchObject([
        { extensions: { code: 'SERVICE_UNAVAILABLE', status: 503 } },
      ])
      expect(handled).toEqual([])
      await down.close()
    })
  })

  describe('a field resolver', () => {
    test('is guarded by the object whose field it is', async () => {
      expect((await ask('{ project(id: "web") { secret } }', 'editor')).data).toEqual({
        project: { secret: 'secret of web' },
      })
      const denied = await ask('{ anyProject { id secret } }', 'editor')
      expect(denied.data).toBeNull()
      expect(denied.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', permission: 'project:edit' } }])
    })

    test('does not start where Nest would not call its guard', async () => {
      const refusal = "add `fieldResolverEnhancers: ['guards', 'filters']`"
      await expect(serve(product.authorizer, { graphql: {} })).rejects.toThrow(refusal)
      const made = { provide: Projects, useFactory: () => new Projects() }
      await expect(serve(product.authorizer, { graphql: {}, resolvers: [made] })).rejects.toThrow(refusal)
      await (await serve(product.authorizer, { resolvers: [made] })).close()
    })

    // Mercurius serves one schema for each server.
    if (driver.name === 'Apollo') {
      test('does not start where one of several schemas would not call it', async () => {
        const another = (options: Partial<GqlModuleOptions>) =>
          GraphQLModule.forRoot({ driver: ApolloDriver, autoSchemaFile: true, path: '/other', ...options })
        await expect(serve(product.authorizer, { modules: [another({})] })).rejects.toThrow(
          "add `fieldResolverEnhancers: ['guards', 'filters']`",
        )
        const guarded = another({ fieldResolverEnhancers: ['guards', 'filters'] })
        await (await serve(product.authorizer, { modules: [guarded] })).close()
      })
    }
  })

  test('a query with many fields verifies its token once, and asks the service once', async () => {
    const asked: string[] = []
    const service = await openService((path) => asked.push(path))
    const many = await serve(service.authorizer)
    asked.length = 0
    const signatures = vi.spyOn(crypto.subtle, 'verify')
    const answer = await askWith(
      '{ a: project(id: "a") { id } b: project(id: "b") { id } c: project(id: "c") { id } d: project(id: "d") { id } }',
      service.token,
      many,
    )
    expect(answer).toEqual({ data: { a: { id: 'a' }, b: { id: 'b' }, c: { id: 'c' }, d: { id: 'd' } } })
    expect(signatures).toHaveBeenCalledTimes(1)
    expect(asked).toEqual(['/authorization/checks'])
    signatures.mockRestore()
    await many.close()
    await service.close()
  })
})

async function askWith(query: string, token: string | undefined, app: INestApplication): Promise<Answer> {
  const response = await fetch(`${await app.getUrl()}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query }),
  })
  return (await response.json()) as Answer
}

/** An engine behind a service, with four projects, and the token of somebody who may view them all. */
async function openService(inspect: (path: string) => void) {
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
  const eng = { type: 'workspace', externalId: 'eng' }
  await engine.createResource({ organizationId: acme, ...eng, name: 'Engineering' })
  for (const externalId of ['a', 'b', 'c', 'd']) {
    const project = { organizationId: acme, type: 'project', externalId, name: externalId, parent: eng }
    await engine.createResource(project)
  }
  const apiKey = 'sk_test_many_fields'
  const server = await createServer({ engine, apiKey, inspect: ({ path }) => inspect(path) })
  const remote = await remoteEngine({ url: await server.listen({ port: 0 }), apiKey, deadlineMs: 60_000 })
  const issuer = await createIssuer()
  return {
    authorizer: createAuthorizer({ engine: remote, session: issuer.sessionOptions, deadlineMs: 60_000 }),
    token: await issuer.token({ user: 'viewer', organization: acme, membership: membershipId }),
    close: async () => {
      await remote.close()
      await server.close()
      await engine.close()
    },
  }
}
