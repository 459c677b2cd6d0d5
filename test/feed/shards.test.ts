import { type AnyEntity, environmentShard, type ShardId } from '@bailiwick/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AcmeServer, acme, startAcme } from '../server/acme-server.js'
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

describe('commits after a revision', () => {
  test('follow each other up to the latest', async () => {
    const { revision = 0 } = (await server.engine.changes.load(acme)) ?? {}
    const { json } = await server.call('GET', `/replication/commits?shard=${acme}&after=${revision - 2}`)
    expect(json).toMatchObject({ object: 'commits', shard: acme, revision })
    expect(json.data.map((each: { revision: number }) => each.revision)).toEqual([revision - 1, revision])
    expect(json.data).toEqual(await server.engine.changes.commitsSince(acme, revision - 2))
  })

  test('are none after the latest', async () => {
    const { revision = 0 } = (await server.engine.changes.load(acme)) ?? {}
    const { json } = await server.call('GET', `/replication/commits?shard=${acme}&after=${revision}`)
    expect(json).toMatchObject({ revision, data: [] })
  })
})
