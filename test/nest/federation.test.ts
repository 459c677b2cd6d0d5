import { Authenticated, AuthorizationModule, Authorized, parent, RequirePermission } from '@bailiwick/nest'
import { ApolloFederationDriver, type ApolloFederationDriverConfig } from '@nestjs/apollo'
import { type INestApplication, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import {
  Directive,
  Field,
  GraphQLModule,
  ID,
  ObjectType,
  Query,
  ResolveReference,
  Resolver,
} from '@nestjs/graphql'
import { ExpressAdapter } from '@nestjs/platform-express'
import request from 'supertest'
import { afterEach, expect, test } from 'vitest'
import { openProduct, type Person } from '../guards/product.js'

@ObjectType()
@Directive('@key(fields: "id")')
class Project {
  @Field(() => ID)
  id = ''
}

@Resolver(() => Project)
class Projects {
  @Query(() => Project)
  @Authenticated()
  any() {
    return { id: 'any' }
  }

  @ResolveReference()
  @RequirePermission('project:view', { resource: parent('id') })
  resolve(_: unknown, @Authorized('project') allowed: { readonly externalId: string }) {
    return { id: `${allowed.externalId} itself` }
  }
}

const product = await openProduct()
let app: INestApplication | undefined
afterEach(() => app?.close())

async function serve(graphql: Partial<ApolloFederationDriverConfig>): Promise<void> {
  @Module({
    imports: [
      AuthorizationModule.forRoot({ authorizer: product.authorizer }),
      GraphQLModule.forRoot<ApolloFederationDriverConfig>({
        driver: ApolloFederationDriver,
        autoSchemaFile: { federation: 2 },
        ...graphql,
      }),
    ],
    providers: [Projects],
  })
  class AppModule {}
  app = await NestFactory.create(AppModule, new ExpressAdapter(), { logger: false, abortOnError: false })
  await app.init()
}

/** What a gateway asks a subgraph: the objects of some ids. */
async function ask(ids: readonly string[], person: Person) {
  const entities = ids.map((id) => `{ __typename: "Project", id: "${id}" }`).join(' ')
  const query = `{ _entities(representations: [${entities}]) { ... on Project { id } } }`
  const { body } = await request(app?.getHttpServer())
    .post('/graphql')
    .auth(product.tokens[person], { type: 'bearer' })
    .send({ query })
  return body
}

test('what a gateway refers to is guarded, each reference by its own object', async () => {
  await serve({ fieldResolverEnhancers: ['guards', 'filters'] })
  const both = { data: { _entities: [{ id: 'web itself' }, { id: 'app itself' }] } }
  expect(await ask(['web', 'app'], 'wide')).toEqual(both)
  expect(await ask(['web', 'app'], 'editor')).toMatchObject({
    data: { _entities: [{ id: 'web itself' }, null] },
    errors: [{ path: ['_entities', 1], extensions: { code: 'FORBIDDEN', resource: { externalId: 'app' } } }],
  })
})

test('a subgraph whose references would not be guarded does not start', async () => {
  await expect(serve({})).rejects.toThrow(
    "`Projects.resolve` is a GraphQL reference resolver, whose guards are not called: add `fieldResolverEnhancers: ['guards', 'filters']`",
  )
})
