import type { OrganizationId } from '@bailiwick/core'
import { type LogPage, memoryStore, openEngine, type StoreOpener } from '@bailiwick/engine'
import { writeFeedToken } from '@bailiwick/wire'
import { afterEach, describe, expect, test } from 'vitest'
import { acme, globex, startAcme } from '../server/acme-server.js'
import { request } from '../server/request.js'
import type { StartOptions } from '../server/start-server.js'
import { FeedReading, type Heard, openRaw } from './read-feed.js'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function start(options: StartOptions = {}) {
  const server = await startAcme(options)
  closing.push(() => server.close())
  const read = async (query = '', headers = {}) => {
    const reading = await FeedReading.open(server, query, headers)
    closing.push(() => reading.close())
    return reading
  }
  const addGroup = async (name: string, organizationId: OrganizationId = acme) =>
    server.engine.createGroup({ organizationId, name })
  return { ...server, read, addGroup }
}

/** What whoever asks to read now is told. */
async function statusOf(server: Parameters<typeof openRaw>[0]) {
  const response = await openRaw(server)
  response.destroy()
  return response.statusCode
}

function nameOf(event: Heard | undefined): unknown {
  const change = event?.event === 'commit' ? event.commit.changes[0] : undefined
  return change?.op === 'put' && change.kind === 'group' ? change.entity.name : event?.event
}

async function names(reading: FeedReading, count: number): Promise<readonly unknown[]> {
  const told: unknown[] = []
  while (told.length < count) told.push(nameOf(await reading.next()))
  return told
}

describe('the feed', () => {
  test('begins now, says of which store it is, and tells every commit in its order', async () => {
    const { read, addGroup, engine } = await start()
    const reading = await read()
    expect(await reading.next()).toMatchObject({ event: 'opened', store: engine.changes.id })
    await addGroup('one')
    await addGroup('two', globex)
    const [first, second] = [await reading.next(), await reading.next()]
    expect([first, second].map(nameOf)).toEqual(['one', 'two'])
    const log = await engine.log({ after: (first?.position ?? 0) - 1, limit: 10 })
    expect(log).toEqual(
      [first, second].map(
        (each) => each?.event === 'commit' && { position: each.position, commit: each.commit },
      ),
    )
  })

  test('from the start, tells everything that there is', async () => {
    const { read, engine } = await start()
    const reading = await read('?after=start')
    await reading.next()
    const log = await engine.log({ after: 0, limit: 1_000 })
    for (const { position, commit } of log) expect(await reading.next()).toMatchObject({ position, commit })
  })

  test('goes on after the event that was heard last, missing none and repeating none', async () => {
    const { read, addGroup } = await start()
    const first = await read()
    await first.next()
    await addGroup('heard')
    const heard = await first.next()
    first.close()
    for (const name of ['one', 'two', 'three']) await addGroup(name)
    const again = await read('', { 'last-event-id': heard?.id })
    expect(await names(again, 4)).toEqual(['opened', 'one', 'two', 'three'])
    const asked = await read(`?after=${heard?.id}`)
    expect(await names(asked, 4)).toEqual(['opened', 'one', 'two', 'three'])
  })

  test('of one organization leaves out the other, and tells of the environment', async () => {
    const { read, addGroup, engine } = await start()
    const reading = await read(`?organization_id=${acme}`)
    await reading.next()
    await addGroup('elsewhere', globex)
    await engine.createPermission({ slug: 'project:archive', on: 'project' })
    await addGroup('here')
    expect(await reading.next()).toMatchObject({ commit: { shard: 'environment' } })
    expect(nameOf(await reading.next())).toBe('here')
  })

  test('tells at once what this process stores, and others’ commits with the next heartbeat', async () => {
    const store = memoryStore()
    const { read } = await start({ store })
    const other = await startAcmeBeside(store)
    const reading = await read()
    await reading.next()
    await other.createGroup({ organizationId: acme, name: 'from the other node' })
    expect(nameOf(await reading.next())).toBe('from the other node')
  })

  test('says with no heartbeat that it is up to date before it is', async () => {
    const { read, engine } = await start()
    const groups = Array.from({ length: 250 }, (_, n) => ({ organizationId: acme, name: `Group ${n}` }))
    await Promise.all(groups.map((group) => engine.createGroup(group)))
    const reading = await read('?after=start')
    const first = await reading.nextWhere(({ event }) => event === 'heartbeat')
    expect(first?.position).toBe(await engine.changes.lastPosition())
  })

  test('says with a heartbeat how far it has come, also past what it left out', async () => {
    const { read, addGroup, engine } = await start()
    const reading = await read(`?organization_id=${acme}`)
    await addGroup('elsewhere', globex)
    const position = await engine.changes.lastPosition()
    const beat = await reading.nextWhere((each) => each.event === 'heartbeat' && each.position === position)
    expect(beat).toMatchObject({ event: 'heartbeat', elapsed_ms: expect.any(Number) })
    const again = await read(`?organization_id=${acme}&after=${beat?.id}`)
    await addGroup('here')
    expect(await names(again, 2)).toEqual(['opened', 'here'])
  })
})

describe('what the feed cannot tell it says', () => {
  test.each([
    ['of another store', 'store_foreign', (_: string) => ({ store: 'other', position: 1 })],
    [
      'beyond the log, as after a restored backup',
      'beyond_log',
      (store: string) => ({ store, position: 9_999 }),
    ],
  ])('a place %s is a gap, and it goes on from now', async (_, reason, place) => {
    const { read, addGroup, engine } = await start()
    const reading = await read(`?after=${writeFeedToken(place(engine.changes.id))}`)
    expect(await reading.next()).toMatchObject({ event: 'opened' })
    expect(await reading.next()).toMatchObject({ event: 'gap', reason })
    await addGroup('after')
    expect(nameOf(await reading.next())).toBe('after')
  })

  test('what the log holds no more is a gap, and it goes on behind that', async () => {
    const opener = memoryStore()
    let trimmed = 0
    const store: StoreOpener = async () => {
      const whole = await opener()
      return new Proxy(whole, {
        get(target, name) {
          if (name === 'log')
            return async (page: LogPage) =>
              (await target.log(page)).filter(({ position }) => position > trimmed)
          const value = Reflect.get(target, name, target) as unknown
          return typeof value === 'function' ? value.bind(target) : value
        },
      })
    }
    const { read } = await start({ store })
    trimmed = 3
    const reading = await read('?after=start')
    expect(await reading.next()).toMatchObject({ event: 'opened', position: 0 })
    expect(await reading.next()).toMatchObject({ event: 'gap', reason: 'trimmed', position: 3 })
    expect(await reading.next()).toMatchObject({ event: 'commit', position: 4 })
  })

  test('what is no place is refused', async () => {
    const server = await start()
    expect(await request(server, { path: '/changes?after=nonsense' })).toMatchObject({ status: 422 })
    expect(await request(server, { path: '/changes?organization_id=not%20one' })).toMatchObject({
      status: 422,
    })
  })

  test('a stop of the server ends it with a reason, and does not wait for its readers', async () => {
    const { read, server } = await start()
    const reading = await read()
    await reading.next()
    await server.close()
    expect(await reading.next()).toMatchObject({ event: 'end', reason: 'shutting_down' })
    expect(await reading.next()).toBeUndefined()
  })

  test('a reader who takes nothing is told so and cut off; one beside it who does hears everything', async () => {
    const server = await start({ feed: { patienceMs: 2_000, maxReaders: 2 } })
    const { read, engine } = server
    const idle = await openRaw(server)
    const reading = await read()
    await reading.next()
    const metadata = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`key${n}`, 'x'.repeat(600)]))
    const made = 600
    for (let n = 0; n < made; n++) {
      await engine.createOrganization({ name: `org ${n}`, metadata })
      // A memory store waits for nothing, and readers are served in between only.
      await new Promise(setImmediate)
    }
    for (let n = 0; n < made; n++) expect(await reading.next()).toMatchObject({ event: 'commit' })
    // There is room again: it is cut off before it takes anything.
    await expect.poll(() => statusOf(server)).toBe(200)
    let text = ''
    // What it takes now ends in the middle, or with the reason.
    await new Promise((resolve) => {
      idle.setEncoding('utf8').on('data', (part: string) => {
        text = (text + part).slice(-1_000)
      })
      idle.on('close', resolve).on('error', () => {})
    })
    expect(text).toMatch(/event: end\nid: \S+\ndata: \{"reason":"slow".*\n\n$|[^\n]$/)
  })

  test('it lasts so long, and then asks to come again', async () => {
    const { read } = await start({ feed: { lifetimeMs: 1, heartbeatMs: 5 } })
    const reading = await read()
    await reading.next()
    expect(await reading.next()).toMatchObject({ event: 'end', reason: 'renew' })
  })

  test('more readers than there may be are turned away, and there is room again when one goes', async () => {
    const server = await start({ feed: { maxReaders: 1, heartbeatMs: 10 } })
    const reading = await server.read()
    await reading.next()
    expect(await request(server, { path: '/changes' })).toMatchObject({
      status: 503,
      json: { reason: 'overloaded' },
    })
    reading.close()
    await expect.poll(() => statusOf(server)).toBe(200)
  })
})

test.each([
  ['without a key', null, 401],
  ['with a key for checks alone', 'check', 403],
])('nobody reads the feed %s', async (_, scope, status) => {
  const server = await start()
  const key = scope && (await server.server.keys.create({ name: 'checks', scopes: ['check'] })).secret
  expect(await request(server, { path: '/changes', key })).toMatchObject({ status })
  expect(await request(server, { path: `/replication/shards/${acme}`, key })).toMatchObject({ status })
})

async function startAcmeBeside(store: ReturnType<typeof memoryStore>) {
  const engine = await openEngine({ store })
  closing.push(() => engine.close())
  return engine
}
