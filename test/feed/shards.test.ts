import { type AnyEntity, environmentShard, type ShardId } from '@bailiwick/core'
import { memoryStore, type StoreOpener } from '@bailiwick/engine'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type AcmeServer, acme, globex, startAcme } from '../server/acme-server.js'
import { request } from '../server/request.js'

let server: AcmeServer
beforeAll(async () => {
  server = await startAcme()
})
afterAll(() => server.close())

async function linesOf(shard: string) {
  const { status, text } = await request(server, { path: `/replication/shards/${shard}` })
  return {
    status,
    lines: text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  }
}

function byId(entities: Iterable<AnyEntity>): readonly AnyEntity[] {
  return [...entities].sort((one, other) => (one.entity.id < other.entity.id ? -1 : 1))
}

describe('a shard, line by line', () => {
  test.each<ShardId>([acme, environmentShard])(
    '%s is whole, at its revision, with the count at its end',
    async (shard) => {
      const { lines } = await linesOf(shard)
      const [head, ...rest] = lines
      const loaded = await server.engine.changes.load(shard)
      const { id: store } = server.engine.changes
      const environment = await server.engine.changes.revision(environmentShard)
      expect(head).toEqual({ store, shard, revision: loaded?.revision, environment })
      expect(rest.pop()).toEqual({ end: rest.length })
      expect(byId(rest)).toEqual(byId(loaded?.entities ?? []))
      expect(rest.length).toBeGreaterThan(3)
    },
  )

  test('one that was never written is empty, at revision 0', async () => {
    const { lines } = await linesOf('org_nobody')
    expect(lines).toEqual([expect.objectContaining({ revision: 0 }), { end: 0 }])
  })

  test.each(['user:user_ann', 'nonsense', 'org_%20'])('%s is none that is told', async (shard) => {
    expect(await linesOf(shard)).toMatchObject({ status: 404 })
  })
})

test('what a shard rests on is there with it, also when the environment changes while it is read', async () => {
  const opener = memoryStore()
  let beforeLoading = async () => {}
  const watched: StoreOpener = async () => {
    const store = await opener()
    return new Proxy(store, {
      get(target, name) {
        if (name === 'load')
          return async (shard: ShardId) => {
            if (shard === acme) await beforeLoading()
            return target.load(shard)
          }
        const value = Reflect.get(target, name, target) as unknown
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }
  const other = await startAcme({ store: watched })
  onTestFinished(() => other.close())
  beforeLoading = async () => {
    await other.engine.createPermission({ slug: 'project:late', on: 'project' })
  }
  const { text } = await request(other, { path: `/replication/shards/${acme}` })
  const { environment } = JSON.parse(text.slice(0, text.indexOf('\n')))
  expect(environment).toBe(await other.engine.changes.revision(environmentShard))
})

describe('commits after a revision', () => {
  test('follow each other up to the latest', async () => {
    const { revision = 0 } = (await server.engine.changes.load(acme)) ?? {}
    const { json } = await server.call('GET', `/replication/commits?shard=${acme}&after=${revision - 2}`)
    expect(json).toMatchObject({ object: 'commits', shard: acme, revision })
    expect(json.data.map((each: { revision: number }) => each.revision)).toEqual([revision - 1, revision])
    expect(json.data).toEqual(await server.engine.changes.commitsSince(acme, revision - 2))
  })

  test('are a thousand at once at most, and how far they go on is said', async () => {
    const { engine } = server
    const groups = Array.from({ length: 1_001 }, (_, n) => ({ organizationId: globex, name: `Group ${n}` }))
    await Promise.all(groups.map((group) => engine.createGroup(group)))
    const latest = await engine.changes.revision(globex)
    const page = (after: number) => server.call('GET', `/replication/commits?shard=${globex}&after=${after}`)
    const { json } = await page(0)
    expect(json.data).toHaveLength(1_000)
    expect(json.revision).toBe(latest)
    const { json: rest } = await page(1_000)
    expect(rest).toMatchObject({ revision: latest })
    expect(rest.data.at(-1).revision).toBe(latest)
  })

  test('are none after the latest', async () => {
    const { revision = 0 } = (await server.engine.changes.load(acme)) ?? {}
    const { json } = await server.call('GET', `/replication/commits?shard=${acme}&after=${revision}`)
    expect(json).toMatchObject({ revision, data: [] })
  })
})
