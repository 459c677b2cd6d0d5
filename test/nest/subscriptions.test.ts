import { EventEmitter } from 'node:events'
import { createAuthorizer, Revocations } from '@bailiwick/client'
import { parseMembershipId, parseOrganizationId } from '@bailiwick/core'
import { arg, Public, RequirePermission } from '@bailiwick/nest'
import type { INestApplication, Provider } from '@nestjs/common'
import { Args, Field, ID, ObjectType, Query, Resolver, Subscription } from '@nestjs/graphql'
import { PubSub } from 'graphql-subscriptions'
import { type Client, type ClientOptions, createClient, type FormattedExecutionResult } from 'graphql-ws'
import { WebSocket } from 'undici'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openProduct, type Product } from '../guards/product.js'
import { drivers, serveGraphql } from './graphql-drivers.js'

const acme = parseOrganizationId('org_acme')
const emitter = new EventEmitter()
const pubsub = new PubSub({ eventEmitter: emitter })
const rename = (id: string) => pubsub.publish(`renamed ${id}`, { renamed: { id }, counted: { id } })
const listeners = (id: string) => emitter.listenerCount(`renamed ${id}`)

@ObjectType()
class Renamed {
  @Field(() => ID)
  id = ''
}

/** A class of its own each time: what is said about a handler stays with it. */
function makeStreams() {
  @Resolver()
  class Streams {
    // A schema has queries.
    @Query(() => String)
    @Public()
    up() {
      return 'up'
    }

    @Subscription(() => Renamed)
    @RequirePermission('project:view', { resource: arg('id') })
    renamed(@Args('id', { type: () => String }) id: string) {
      return pubsub.asyncIterableIterator(`renamed ${id}`)
    }

    @Subscription(() => Number, { resolve: () => 1 })
    @RequirePermission('project:view', { resource: arg('id') })
    counted(@Args('id', { type: () => String }) id: string) {
      return pubsub.asyncIterableIterator(`renamed ${id}`)
    }
  }
  return Streams
}

const renamed = (id: string) => ({ query: `subscription { renamed(id: "${id}") { id } }` })

describe.each(drivers)('a subscription by the driver of $name', (driver) => {
  const admitting = { isOn: false }
  let product: Product
  let revocations: Revocations
  let app: INestApplication
  let now: number
  const clients: Client[] = []

  beforeAll(async () => {
    product = await openProduct()
    const clock = () => now
    revocations = new Revocations({ clock })
    const authorizer = createAuthorizer({
      engine: product.engine,
      session: { ...product.session, clock },
      revocations,
    })
    app = await serveGraphql({ driver, admitting, authorization: { authorizer }, resolvers: [makeStreams()] })
  })
  beforeEach(() => {
    now = Date.now()
    admitting.isOn = false
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.dispose()
    await expect.poll(() => listeners('web')).toBe(0)
  })
  afterAll(() => app.close())

  async function connect(options: Partial<ClientOptions> = {}): Promise<Client> {
    const url = `${(await app.getUrl()).replace('http', 'ws')}/graphql`
    const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, ...options })
    clients.push(client)
    return client
  }

  const connectWith = (token: string) => connect({ connectionParams: { Authorization: `Bearer ${token}` } })

  /** A stream that has begun: who waits for its first event is not too early. */
  async function streaming(client: Client, query: { readonly query: string }, id = 'web') {
    const before = listeners(id)
    const events = client.iterate(query)
    const first = events.next()
    await expect.poll(() => listeners(id)).toBe(before + 1)
    let isFirst = true
    return {
      next: () => {
        if (!isFirst) return events.next()
        isFirst = false
        return first
      },
    }
  }

  /** What a subscription is turned away with: some servers answer with an error, others with a result that has one. */
  async function refused(client: Client, query: { readonly query: string }): Promise<unknown> {
    const answer = client.iterate(query).next()
    const errors = await answer.then(
      ({ value }) => (value as FormattedExecutionResult).errors,
      (thrown: FormattedExecutionResult['errors']) => thrown,
    )
    return errors?.[0]?.extensions
  }

  test('begins for who may, on the object that an argument names, and on no other', async () => {
    const client = await connectWith(product.tokens.editor)
    const events = await streaming(client, renamed('web'))
    await rename('web')
    expect(await events.next()).toMatchObject({ value: { data: { renamed: { id: 'web' } } } })
    expect(await refused(client, renamed('app'))).toMatchObject({
      code: 'FORBIDDEN',
      permission: 'project:view',
    })
    expect(listeners('app')).toBe(0)
  })

  test('does not begin without a token, or with a bad one', async () => {
    expect(await refused(await connect(), renamed('web'))).toMatchObject({
      code: 'UNAUTHENTICATED',
      reason: 'session_missing',
    })
    const forged = await connectWith(product.tokens.forged)
    expect(await refused(forged, renamed('web'))).toMatchObject({
      code: 'UNAUTHENTICATED',
      reason: 'session_untrusted',
    })
  })

  test('takes its token from the parameters of the connection or from the request that opened it, and not two', async () => {
    const authorization = `Bearer ${product.tokens.editor}`
    const sending = (headers: Record<string, string>) =>
      class extends WebSocket {
        constructor(url: string, protocols: string) {
          super(url, { protocols, headers })
        }
      }
    for (const options of [
      { connectionParams: { headers: { authorization } } },
      { webSocketImpl: sending({ authorization }) },
    ]) {
      const events = await streaming(await connect(options), renamed('web'))
      await rename('web')
      expect(await events.next()).toMatchObject({ value: { data: { renamed: { id: 'web' } } } })
    }
    const both = await connect({
      webSocketImpl: sending({ authorization }),
      connectionParams: { authorization: `Bearer ${product.tokens.wide}` },
    })
    expect(await refused(both, renamed('web'))).toMatchObject({ reason: 'session_ambiguous' })
  })

  describe('while it runs', () => {
    const role = 'project-editor'
    const subject = { membershipId: parseMembershipId('om_nobody') }
    beforeEach(async () => {
      const resource = { type: 'project', externalId: 'web' }
      await product.engine.assignRole({ organizationId: acme, subject, role, resource })
    })

    test('ends when its role is taken away, says why, and leaves the others of its connection alone', async () => {
      const resource = { type: 'project', externalId: 'app' }
      await product.engine.assignRole({ organizationId: acme, subject, role, resource })
      const client = await connectWith(product.tokens.nobody)
      const ending = await streaming(client, renamed('web'))
      const staying = await streaming(client, renamed('app'), 'app')
      await product.engine.replaceAssignments(acme, subject, [{ role, resource }])
      await rename('web')
      expect(await ending.next()).toMatchObject({
        value: { errors: [{ extensions: { code: 'FORBIDDEN', permission: 'project:view' } }] },
      })
      expect(await ending.next()).toMatchObject({ done: true })
      expect(listeners('web')).toBe(0)
      await rename('app')
      expect(await staying.next()).toMatchObject({ value: { data: { renamed: { id: 'app' } } } })
    })

    test('ends with its session, when that is revoked or has expired', async () => {
      for (const [end, reason] of [
        [() => revocations.revokeSession('session_ending'), 'session_revoked'],
        [() => (now += 3_600_000), 'session_expired'],
      ] as const) {
        const sessionId = reason === 'session_revoked' ? 'session_ending' : 'session_staying'
        const token = await product.tokenFor('nobody', { sessionId })
        const events = await streaming(await connectWith(token), renamed('web'))
        end()
        await rename('web')
        expect(await events.next()).toMatchObject({
          value: { errors: [{ extensions: { code: 'UNAUTHENTICATED', reason } }] },
        })
        expect(await events.next()).toMatchObject({ done: true })
      }
    })

    test('yields nothing more of what the application makes up for an event either', async () => {
      const counted = { query: 'subscription { counted(id: "web") }' }
      const events = await streaming(await connectWith(product.tokens.nobody), counted)
      await rename('web')
      expect(await events.next()).toMatchObject({ value: { data: { counted: 1 } } })
      await product.engine.replaceAssignments(acme, subject, [])
      await rename('web')
      expect(await events.next()).toMatchObject({ done: true })
    })
  })

  test('does not start where a factory makes its resolver too late for anybody to look at its events', async () => {
    const Streams = makeStreams()
    const serve = (resolver: Provider) =>
      serveGraphql({ driver, authorization: { authorizer: product.authorizer }, resolvers: [resolver] })
    const useFactory = async () => {
      await new Promise((resolve) => setImmediate(resolve))
      return new Streams()
    }
    await expect(serve({ provide: 'streams', useFactory })).rejects.toThrow(
      'nobody looks at its events: provide `Streams` as a class',
    )
    await (await serve(Streams)).close()
  })

  test('needs a valid token for its connection already, where connections are looked at', async () => {
    admitting.isOn = true
    const events = await streaming(await connectWith(product.tokens.editor), renamed('web'))
    await rename('web')
    expect(await events.next()).toMatchObject({ value: { data: { renamed: { id: 'web' } } } })
    for (const options of [{}, { connectionParams: { authorization: `Bearer ${product.tokens.forged}` } }]) {
      const client = await connect(options)
      await expect(client.iterate(renamed('web')).next()).rejects.toBeDefined()
    }
    expect(listeners('web')).toBe(1)
  })
})
