import { EventEmitter } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import {
  Authenticated,
  AuthorizationModule,
  all,
  any,
  arg,
  ConnectionGuard,
  Guarded,
  Public,
  param,
  permission,
  RequireAll,
  RequireAny,
  RequirePermission,
  type RouteDecorator,
} from '@bailiwick/nest'
import { ApolloDriver } from '@nestjs/apollo'
import {
  applyDecorators,
  Controller,
  Get,
  type INestApplication,
  Inject,
  Module,
  Param,
  type Type,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { Args, GraphQLModule, Query, Resolver } from '@nestjs/graphql'
import {
  type ClientProxy,
  ClientProxyFactory,
  MessagePattern,
  Payload,
  Transport,
} from '@nestjs/microservices'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { WsAdapter } from '@nestjs/platform-ws'
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets'
import { firstValueFrom } from 'rxjs'
import { WebSocket } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openProduct, type Product } from '../guards/product.js'

/** A way into an application: how its handlers are written, and how they are called. */
interface Door {
  readonly name: string
  readonly holder: ClassDecorator
  readonly entry: (name: string) => MethodDecorator
  readonly id: ParameterDecorator
  readonly on: ReturnType<typeof arg> | ReturnType<typeof param>
  readonly answer: unknown
  /** @returns 200 when the handler has run, and otherwise the status of the refusal. */
  readonly ask: (name: string, id: string, token: string | undefined) => Promise<number>
}

const idOf = { type: () => String }

const route = (name: string, appOf: () => INestApplication): Door => ({
  name,
  holder: Controller('routes') as ClassDecorator,
  entry: (name) => Get(`${name}/:id`),
  id: Param('id'),
  on: param('id'),
  answer: 'ran',
  ask: async (name, id, token) => {
    const headers = { ...(token && { authorization: `Bearer ${token}` }) }
    return (await fetch(`${await appOf().getUrl()}/routes/${name}/${id}`, { headers })).status
  },
})

const doors: readonly Door[] = [
  route('a route on Express', () => app),
  {
    name: 'a resolver',
    holder: Resolver() as ClassDecorator,
    entry: (name) => Query(() => String, { name }),
    id: Args('id', idOf),
    on: arg('id'),
    answer: 'ran',
    ask: async (name, id, token) => {
      const response = await fetch(`${await app.getUrl()}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify({ query: `{ ${name}(id: "${id}") }` }),
      })
      const { data, errors } = (await response.json()) as {
        readonly data?: unknown
        readonly errors?: readonly { readonly extensions: { readonly status: number } }[]
      }
      return errors === undefined && data !== undefined ? 200 : (errors?.[0]?.extensions.status ?? 0)
    },
  },
  {
    name: 'a gateway',
    holder: applyDecorators(WebSocketGateway(), Guarded()) as ClassDecorator,
    entry: (name) => SubscribeMessage(name),
    id: MessageBody('id'),
    on: arg('id'),
    answer: { event: 'ran' },
    ask: async (name, id, token) => {
      const headers = { ...(token && { authorization: `Bearer ${token}` }) }
      const socket = new WebSocket((await app.getUrl()).replace('http', 'ws'), { headers })
      await new Promise((resolve) => socket.addEventListener('open', resolve))
      socket.send(JSON.stringify({ event: name, data: { id } }))
      const text = await new Promise((resolve) =>
        socket.addEventListener('message', (it) => resolve(it.data)),
      )
      socket.close()
      const { event, data } = JSON.parse(String(text))
      return event === 'ran' ? 200 : data.status
    },
  },
  {
    name: 'a message handler',
    holder: applyDecorators(Controller(), Guarded()) as ClassDecorator,
    entry: (name) => MessagePattern(name),
    id: Payload('id'),
    on: arg('id'),
    answer: 'ran',
    ask: (name, id, token) =>
      firstValueFrom(client.send<unknown>(name, { id, token })).then(
        () => 200,
        ({ status }) => status,
      ),
  },
  route('a route on Fastify', () => onFastify),
]

/** What may be demanded, and what comes of it for each of those who ask. */
const askers = ['anonymous', 'nobody', 'editor of another', 'editor', 'biller', 'editor and biller'] as const
const demands: Readonly<Record<string, readonly [(on: Door['on']) => RouteDecorator, ...number[]]>> = {
  public: [() => Public(), 200, 200, 200, 200, 200, 200],
  authenticated: [() => Authenticated(), 401, 200, 200, 200, 200, 200],
  permission: [(on) => RequirePermission('project:edit', { resource: on }), 401, 403, 403, 200, 403, 200],
  any: [(on) => RequireAny(billing, editing(on)), 401, 403, 403, 200, 200, 200],
  all: [(on) => RequireAll(billing, editing(on)), 401, 403, 403, 403, 403, 200],
  anyOfAll: [(on) => RequireAny(all(billing, editing(on)), viewing(on)), 401, 403, 403, 200, 403, 200],
  allOfAny: [(on) => RequireAll(any(billing, editing(on)), viewing(on)), 401, 403, 403, 200, 403, 200],
}
const billing = permission('billing:manage', { scope: 'organization' })
const editing = (resource: Door['on']) => permission('project:edit', { resource })
const viewing = (resource: Door['on']) => permission('project:view', { resource })

/** Where a demand may stand. In each of them it must be the one that holds. */
const places: Readonly<Record<string, (door: Door, demand: RouteDecorator, name: string) => Type>> = {
  onHandler: ({ holder, entry, id, answer }, demand, name) => {
    @holder
    class Holder {
      @entry(name)
      @demand
      run(@id _id: string) {
        return answer
      }
    }
    return Holder
  },
  onHandlerOfPublicClass: ({ holder, entry, id, answer }, demand, name) => {
    @holder
    @Public()
    class Holder {
      @entry(name)
      @demand
      run(@id _id: string) {
        return answer
      }
    }
    return Holder
  },
  onClass: ({ holder, entry, id, answer }, demand, name) => {
    @holder
    @demand
    class Holder {
      @entry(name)
      run(@id _id: string) {
        return answer
      }
    }
    return Holder
  },
  onInheritedHandler: ({ holder, entry, id, answer }, demand, name) => {
    abstract class Base {
      @entry(name)
      @demand
      run(@id _id: string) {
        return answer
      }
    }
    @holder
    @Public()
    class Holder extends Base {}
    return Holder
  },
  onBaseClass: ({ holder, entry, id, answer }, demand, name) => {
    @demand
    abstract class Base {}
    @holder
    class Holder extends Base {
      @entry(name)
      run(@id _id: string) {
        return answer
      }
    }
    return Holder
  },
  onClassOfPublicBase: ({ holder, entry, id, answer }, demand, name) => {
    @Public()
    abstract class Base {}
    @holder
    @demand
    class Holder extends Base {
      @entry(name)
      run(@id _id: string) {
        return answer
      }
    }
    return Holder
  },
  onClassOfHandlerWrittenAnew: ({ holder, entry, id, answer }, demand, name) => {
    abstract class Base {
      @Public()
      run(_id: string): unknown {
        return 'the old one'
      }
    }
    @holder
    @demand
    class Holder extends Base {
      @entry(name)
      override run(@id _id: string) {
        return answer
      }
    }
    return Holder
  },
  onHandlerUnderForgetfulDecorator: ({ holder, entry, id, answer }, demand, name) => {
    const forgetful: MethodDecorator = (_target, _name, descriptor: PropertyDescriptor) => {
      const inner = descriptor.value as (...args: unknown[]) => unknown
      descriptor.value = function (this: unknown, ...args: unknown[]) {
        return inner.apply(this, args)
      }
    }
    @holder
    class Holder {
      @entry(name)
      @forgetful
      @demand
      run(@id _id: string) {
        return answer
      }
    }
    return Holder
  },
}

// Every gateway listens for itself, to the one server and to each client.
EventEmitter.defaultMaxListeners = 0

let product: Product
let app: INestApplication
let onFastify: INestApplication
let client: ClientProxy
let tokens: Readonly<Record<(typeof askers)[number], string | undefined>>

/** One application with all of it, and one for Fastify: every demand on a handler, and one of them in every place. */
beforeAll(async () => {
  product = await openProduct()
  const { editor, nobody, biller } = product.tokens
  const both = await product.tokenFor('editor', { permissions: ['billing:manage'] })
  tokens = {
    anonymous: undefined,
    nobody,
    'editor of another': editor,
    editor,
    biller,
    'editor and biller': both,
  }
  const holders = doors.map((door) => [
    ...Object.entries(demands).map(
      ([name, [demand]]) => places.onHandler?.(door, demand(door.on), name) as Type,
    ),
    ...Object.entries(places).map(([name, place]) =>
      place(door, demands.all?.[0](door.on) as RouteDecorator, name),
    ),
  ])
  const [routes = [], resolvers = [], gateways = [], messages = [], routesOnFastify = []] = holders

  @WebSocketGateway()
  class Connections {
    constructor(@Inject(ConnectionGuard) private readonly connections: ConnectionGuard) {}

    async handleConnection(socket: object, request: unknown) {
      await this.connections.admit(socket, request)
    }
  }
  @Module({
    imports: [
      AuthorizationModule.forRoot({
        authorizer: product.authorizer,
        messageToken: (data) => (data as { readonly token?: string }).token,
      }),
      GraphQLModule.forRoot({ driver: ApolloDriver, autoSchemaFile: true }),
    ],
    controllers: [...routes, ...messages],
    providers: [...resolvers, ...gateways, Connections],
  })
  class AppModule {}
  app = await NestFactory.create(AppModule, new ExpressAdapter(), { logger: false, abortOnError: false })
  app.useWebSocketAdapter(new WsAdapter(app))
  const tcp = (port: number) => ({ transport: Transport.TCP, options: { host: '127.0.0.1', port } }) as const
  const microservice = app.connectMicroservice(tcp(0))
  await app.startAllMicroservices()
  await app.listen(0, '127.0.0.1')
  const { port } = microservice.unwrap<Server>().address() as AddressInfo
  client = ClientProxyFactory.create(tcp(port))

  @Module({
    imports: [AuthorizationModule.forRoot({ authorizer: product.authorizer })],
    controllers: routesOnFastify,
  })
  class FastifyModule {}
  const quiet = { logger: false, abortOnError: false } as const
  onFastify = await NestFactory.create(FastifyModule, new FastifyAdapter(), quiet)
  await onFastify.listen(0, '127.0.0.1')
})
afterAll(async () => {
  client.close()
  await app.close()
  await onFastify.close()
})

describe.each(doors)('on $name', (door) => {
  // A connection without a token is ended before any message.
  const asking = askers.filter((asker) => asker !== 'anonymous' || door.name !== 'a gateway')

  async function answers(name: string): Promise<Record<string, number>> {
    const statuses: Record<string, number> = {}
    for (const asker of asking) {
      const id = asker === 'editor of another' ? 'app' : 'web'
      statuses[asker] = await door.ask(name, id, tokens[asker])
    }
    return statuses
  }

  function expected(demand: string): Record<string, number> {
    const [, ...statuses] = demands[demand] ?? []
    return Object.fromEntries(asking.map((asker) => [asker, statuses[askers.indexOf(asker)] as number]))
  }

  test.each(Object.keys(demands))('a demand holds: %s', async (demand) => {
    expect(await answers(demand)).toEqual(expected(demand))
  })

  test.each(Object.keys(places))('a demand holds where it stands: %s', async (place) => {
    expect(await answers(place)).toEqual(expected('all'))
  })
})
