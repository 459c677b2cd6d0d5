import { replicaEngine } from '@bailiwick/client/replica'
import type { AuthorizationEngine } from '@bailiwick/core'
import { postgres } from '@bailiwick/engine/postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FeedProxy } from '../replica/feed-proxy.js'
import { annEdits, docs, outcomeOf, web } from '../replica/start-replica.js'
import { acme, bob } from '../server/acme-server.js'
import { describeWithPostgres, type TestDatabase, testDatabase } from '../stores/test-database.js'
import { startThreeNodes, type ThreeNodes } from './three-nodes.js'

const bobEdits = { ...annEdits, subject: { membershipId: bob } }

describeWithPostgres('a replica of three nodes over PostgreSQL, behind a balancer', () => {
  let database: TestDatabase
  let three: ThreeNodes
  let balancer: FeedProxy
  let replica: AuthorizationEngine

  beforeAll(async () => {
    database = await testDatabase()
    three = await startThreeNodes(postgres(database.connectionString))
    balancer = await FeedProxy.open(...three.urls)
    const { apiKey } = three
    replica = await replicaEngine({ url: balancer.url, apiKey, deadlineMs: 60_000, stalenessMs: 60_000 })
  })
  afterAll(async () => {
    await replica?.close()
    await balancer?.close()
    await three?.close()
    await database?.stop()
  })

  const given = { organizationId: acme, subject: { membershipId: bob }, role: 'editor' }

  test('hears by itself what any node writes', async () => {
    expect(await outcomeOf(replica, bobEdits)).toBe('deny')
    for (const engine of three.engines) {
      const { value } = await engine.assignRole({ ...given, resource: web })
      await expect.poll(() => outcomeOf(replica, bobEdits)).toBe('allow')
      await engine.removeAssignment(acme, value.id)
      await expect.poll(() => outcomeOf(replica, bobEdits)).toBe('deny')
    }
    expect(balancer.requestsTo('/authorization/check')).toBe(0)
  })

  test('sees at once what it wrote through one node, however late another one tells it', async () => {
    balancer.holdFeed()
    for (let n = 0; n < 6; n++) {
      const { value } = await replica.assignRole({ ...given, resource: web })
      expect(await outcomeOf(replica, bobEdits)).toBe('allow')
      await replica.removeAssignment(acme, value.id)
      expect(await outcomeOf(replica, bobEdits)).toBe('deny')
    }
    balancer.releaseFeed()
    expect(balancer.requestsTo('/authorization/check')).toBe(0)
  })

  test('goes on at another node where it was at the first, and misses nothing', async () => {
    const told = new Set<number>()
    for (let n = 0; n < 6; n++) {
      const [from = -1] = balancer.feedsFrom
      told.add(from)
      const writers = three.engines.filter((_, node) => node !== from)
      balancer.breakFeed()
      // Between two connections: what is written now is told by whoever is asked next.
      const { value } = await (writers[0] as AuthorizationEngine).assignRole({ ...given, resource: web })
      await (writers[1] as AuthorizationEngine).assignRole({ ...given, resource: docs })
      await (writers[0] as AuthorizationEngine).removeAssignment(acme, value.id)
      await expect.poll(() => balancer.feedsFrom).not.toEqual([])
      const inDocs = { ...bobEdits, resource: docs }
      await expect.poll(() => outcomeOf(replica, inDocs)).toBe('allow')
      // What was told of the second write need not have come with the third.
      await expect.poll(() => outcomeOf(replica, bobEdits)).toBe('deny')
      expect(await replica.explain(inDocs)).toEqual(
        await (three.engines[0] as AuthorizationEngine).explain(inDocs),
      )
      await (writers[1] as AuthorizationEngine).replaceAssignments(acme, { membershipId: bob }, [])
      await expect.poll(() => outcomeOf(replica, inDocs)).toBe('deny')
    }
    expect(told.size).toBeGreaterThan(1)
    // Loaded once, and never anew: there was no gap.
    expect(balancer.requestsTo(`/replication/shards/${acme}`)).toBe(1)
    expect(balancer.requestsTo('/authorization/check')).toBe(0)
  })

  test('follows the others when a node stops', async () => {
    const [from = 0] = balancer.feedsFrom
    const [stopped] = three.nodes.slice(from, from + 1)
    balancer.leadTo(...three.urls.filter((_, node) => node !== from))
    await stopped?.server.close()
    const writer = three.engines[(from + 1) % 3] as AuthorizationEngine
    await writer.assignRole({ ...given, resource: web })
    await expect.poll(() => outcomeOf(replica, bobEdits)).toBe('allow')
    expect(balancer.requestsTo(`/replication/shards/${acme}`)).toBe(1)
  })
})
