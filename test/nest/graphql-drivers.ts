import type { AuthorizationModuleOptions, ConnectionGuard } from '@bailiwick/nest'
import { AuthorizationModule, ConnectionGuard as Connections } from '@bailiwick/nest'
import { ApolloDriver } from '@nestjs/apollo'
import { type DynamicModule, type INestApplication, Module, type Provider } from '@nestjs/common'
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core'
import { type GqlModuleOptions, GraphQLModule } from '@nestjs/graphql'
import { MercuriusDriver } from '@nestjs/mercurius'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'

/** Whether connections are looked at when they are made. */
export interface Admitting {
  isOn: boolean
}

/** A driver of `@nestjs/graphql`, with what its users write to have subscriptions. */
export interface GraphqlDriver {
  readonly name: string
  adapter(): AbstractHttpAdapter
  options(connections: ConnectionGuard, admitting: Admitting): GqlModuleOptions
}

interface ConnectingToApollo {
  readonly connectionParams?: unknown
  readonly extra?: unknown
}

export const drivers: readonly GraphqlDriver[] = [
  {
    name: 'Apollo',
    adapter: () => new ExpressAdapter(),
    options: (connections, admitting) => ({
      driver: ApolloDriver,
      subscriptions: {
        'graphql-ws': {
          onConnect: (connection: ConnectingToApollo) => !admitting.isOn || connections.admits(connection),
        },
      },
    }),
  },
  {
    name: 'Mercurius',
    adapter: () => new FastifyAdapter(),
    options: (connections, admitting) => ({
      driver: MercuriusDriver,
      subscription: {
        onConnect: ({ payload }: { readonly payload: unknown }) =>
          !admitting.isOn || connections.admits({ connectionParams: payload }),
      },
    }),
  },
]

/** What an application of these tests is made of. */
export interface GraphqlApplication {
  readonly driver: GraphqlDriver
  readonly authorization: AuthorizationModuleOptions
  readonly resolvers: readonly Provider[]
  /** Of other schemas. */
  readonly modules?: readonly DynamicModule[]
  readonly graphql?: Partial<GqlModuleOptions>
  readonly admitting?: Admitting
}

/** An application that listens. */
export async function serveGraphql(application: GraphqlApplication): Promise<INestApplication> {
  const { driver, authorization, resolvers, modules = [], admitting = { isOn: false } } = application
  const { graphql = { fieldResolverEnhancers: ['guards', 'filters'] } } = application
  const { driver: chosen } = driver.options({} as ConnectionGuard, admitting)
  @Module({
    imports: [
      AuthorizationModule.forRoot(authorization),
      GraphQLModule.forRootAsync({
        driver: chosen as NonNullable<typeof chosen>,
        inject: [Connections],
        useFactory: (connections: ConnectionGuard) => ({
          autoSchemaFile: true,
          ...driver.options(connections, admitting),
          ...graphql,
        }),
      }),
      ...modules,
    ],
    providers: [...resolvers],
  })
  class AppModule {}
  const app = await NestFactory.create(AppModule, driver.adapter(), { logger: false, abortOnError: false })
  await app.listen(0, '127.0.0.1')
  return app
}
