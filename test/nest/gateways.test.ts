import type { AddressInfo } from 'node:net'
import type { Session } from '@bailiwick/core'
import {
  Authenticated,
  AuthorizationGuard,
  AuthorizationModule,
  type AuthorizationModuleExtras,
  arg,
  ConnectionGuard,
  CurrentSession,
  Guarded,
  Public,
  RequirePermission,
} from '@bailiwick/nest'
import { type INestApplication, Inject, Injectable, Module, type Type } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { IoAdapter } from '@nestjs/platform-socket.io'
import { WsAdapter } from '@nestjs/platform-ws'
import { MessageBody, type OnGatewayConnection, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets'
import { io } from 'socket.io-client'
import { WebSocket } from 'undici'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openProduct, type Person, type Product } from '../guards/product.js'

let product: Product
let app: INestApplication | undefined
let handled: string[] = []
const closing: (() => void)[] = []

beforeAll(async () => {
  product = await openProduct()
})

afterEach(async () => {
  for (const close of closing.splice(0)) close()
  await app?.close()
  app = undefined
  handled = []
})

@Guarded()
@WebSocketGateway()
@Authenticated()
class Boards implements OnGatewayConnection {
  constructor(@Inject(ConnectionGuard) private readonly connections: ConnectionGuard) {}

  async handleConnection(client: object, request?: unknown) {
    await this.connections.admit(client, request)
  }

  @SubscribeMessage('edit')
  @RequirePermission('project:edit', { resource: arg('projectId') })
  edit(@MessageBody() { projectId }: { readonly projectId: string }, @CurrentSession() session: Session) {
    handled.push(`${session.userId} edits ${projectId}`)
    return { event: 'edited', data: projectId }
  }
}

async function serve(
  gateway: Type,
  adapter: (app: INestApplication) => WsAdapter | IoAdapter,
  extras: AuthorizationModuleExtras = {},
): Promise<string> {
  @Module({
    imports: [AuthorizationModule.forRoot({ authorizer: product.authorizer, ...extras })],
    providers: [gateway],
  })
  class AppModule {}
  app = await NestFactory.create(AppModule, new ExpressAdapter(), { logger: false, abortOnError: false })
  app.useWebSocketAdapter(adapter(app))
  await app.listen(0, '127.0.0.1')
  return `127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`
}

/** One end of a connection: what it has heard, and a way to wait for more. */
interface Caller {
  edit(projectId: unknown, more?: object): void
  /** The next thing that the server says: an event with its data, or that it is over. */
  heard(): Promise<readonly unknown[]>
}

function hearing(): { readonly say: (...what: unknown[]) => void; readonly heard: Caller['heard'] } {
  const said: (readonly unknown[])[] = []
  let wake: (() => void) | undefined
  return {
    say: (...what) => {
      said.push(what)
      wake?.()
    },
    heard: async () => {
      while (said.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      return said.shift() as readonly unknown[]
    },
  }
}

async function callWs(
  place: string,
  token: string | undefined,
  more: Record<string, string> = {},
): Promise<Caller> {
  const headers = { ...(token && { authorization: `Bearer ${token}` }), ...more }
  const socket = new WebSocket(`ws://${place}`, { headers })
  const { say, heard } = hearing()
  socket.addEventListener('message', ({ data: text }) => {
    const { event, data } = JSON.parse(String(text)) as { readonly event: string; readonly data: unknown }
    say(event, data)
  })
  socket.addEventListener('close', ({ code, reason }) => say('over', code, reason))
  closing.push(() => socket.close())
  await new Promise((resolve) => socket.addEventListener('open', resolve))
  return {
    edit: (projectId, more) => socket.send(JSON.stringify({ event: 'edit', data: { projectId, ...more } })),
    heard,
  }
}

async function callSocketIo(
  place: string,
  token: string | undefined,
  more: Record<string, string> = {},
): Promise<Caller> {
  const socket = io(`http://${place}`, {
    transports: ['websocket'],
    reconnection: false,
    extraHeaders: more,
    ...(token !== undefined && { auth: { token } }),
  })
  const { say, heard } = hearing()
  socket.onAny(say)
  socket.on('disconnect', () => say('over'))
  closing.push(() => socket.disconnect())
  await new Promise((resolve) => socket.on('connect', () => resolve(undefined)))
  return { edit: (projectId, more) => socket.emit('edit', { projectId, ...more }), heard }
}

const refusedAsAmbiguous = ['exception', { status: 401, code: 'session_ambiguous' }] as const

describe.each([
  ['ws', (app: INestApplication) => new WsAdapter(app), callWs],
  ['Socket.IO', (app: INestApplication) => new IoAdapter(app), callSocketIo],
] as const)('a gateway on %s', (_, adapter, callAt) => {
  async function call(person: Person | 'expired' | 'forged' | undefined): Promise<Caller> {
    const place = await serve(Boards, adapter)
    return callAt(place, person && product.tokens[person])
  }

  test('answers the messages of who may, on the object that they name, and no others', async () => {
    const caller = await call('editor')
    caller.edit('web')
    expect(await caller.heard()).toEqual(['edited', 'web'])
    caller.edit('app')
    expect(await caller.heard()).toMatchObject([
      'exception',
      { status: 403, code: 'access_denied', permission: 'project:edit', resource: { externalId: 'app' } },
    ])
    expect(handled).toEqual(['editor edits web'])
  })

  test('takes no message that does not say which object', async () => {
    const caller = await call('editor')
    for (const projectId of [undefined, ['web'], { id: 'web' }, '../web']) {
      caller.edit(projectId)
      expect(await caller.heard()).toMatchObject(['exception', { status: 400, code: 'resource_not_located' }])
    }
    expect(handled).toEqual([])
  })

  test('is not led astray by a message that is made to look like a request', async () => {
    const caller = await call('editor')
    const authorization = `Bearer ${product.tokens.wide}`
    for (const rawHeaders of ['x', 7, ['authorization', authorization], { authorization }]) {
      caller.edit('web', { rawHeaders, raw: { rawHeaders }, headers: { authorization } })
      expect(await caller.heard()).toEqual(['edited', 'web'])
      caller.edit('app', { rawHeaders, raw: { rawHeaders }, headers: { authorization } })
      expect(await caller.heard()).toMatchObject(['exception', { status: 403 }])
    }
  })

  test.each([
    [undefined, 'session_missing'],
    ['expired', 'session_expired'],
    ['forged', 'session_untrusted'],
  ] as const)('ends a connection whose token is %s, and says why', async (person, code) => {
    const caller = await call(person)
    expect(await caller.heard()).toMatchObject(['exception', { status: 401, code }])
    expect((await caller.heard())[0]).toBe('over')
    expect(handled).toEqual([])
  })
})

describe('a gateway', () => {
  test.each([
    ['one `Authorization` header', (token: string) => token, ['edited', 'web']],
    // Node's own client sends each of a list, whatever the type says.
    ['two of them', (token: string) => [token, token] as unknown as string, refusedAsAmbiguous],
  ] as const)('on Socket.IO hears of %s what HTTP does', async (_, headers, heard) => {
    const place = await serve(Boards, (app) => new IoAdapter(app))
    const authorization = headers(`Bearer ${product.tokens.editor}`)
    const caller = await callSocketIo(place, undefined, { authorization })
    caller.edit('web')
    expect(await caller.heard()).toMatchObject(heard)
    expect(handled).toEqual(heard[0] === 'edited' ? ['editor edits web'] : [])
  })

  test('does not start without the guard on it: guards of the application do not reach it', async () => {
    @WebSocketGateway()
    class Unreached {
      @SubscribeMessage('say')
      @RequirePermission('project:edit', { scope: 'organization' })
      say() {}
    }
    await expect(serve(Unreached, (app) => new WsAdapter(app))).rejects.toThrow(
      '`Unreached.say` is a WebSocket gateway, which guards of the application do not reach: add `@Guarded()` to `Unreached`',
    )
  })

  test('starts when it is said to be public', async () => {
    @WebSocketGateway()
    @Public()
    class Open {
      @SubscribeMessage('say')
      say() {}
    }
    await expect(serve(Open, (app) => new WsAdapter(app))).resolves.toBeDefined()
  })

  test('takes its token from where a subclass of the guard finds it', async () => {
    @Injectable()
    class Guard extends AuthorizationGuard {
      override async connectionTokenOf({ rawHeaders }: { readonly rawHeaders: readonly string[] }) {
        return rawHeaders.find((_, at) => rawHeaders[at - 1]?.toLowerCase() === 'x-session')
      }
    }
    const place = await serve(Boards, (app) => new WsAdapter(app), { guard: Guard })
    const caller = await callWs(place, undefined, { 'x-session': product.tokens.editor })
    caller.edit('web')
    expect(await caller.heard()).toEqual(['edited', 'web'])
    const elsewhere = await callWs(place, product.tokens.editor)
    expect(await elsewhere.heard()).toMatchObject(['exception', { code: 'session_missing' }])
  })

  test('that admits nobody hears nobody', async () => {
    @Guarded()
    @WebSocketGateway()
    @Authenticated()
    class Careless {
      @SubscribeMessage('edit')
      edit() {
        handled.push('edit')
      }
    }
    const caller = await callWs(await serve(Careless, (app) => new WsAdapter(app)), product.tokens.editor)
    caller.edit('web')
    expect(await caller.heard()).toEqual(['exception', { status: 'error', message: 'Internal server error' }])
    expect(handled).toEqual([])
  })
})
