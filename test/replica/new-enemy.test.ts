import { remoteEngine } from '@bailiwick/client'
import { memoryStore } from '@bailiwick/engine'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme, bob } from '../server/acme-server.js'
import { type StartedServer, startServer } from '../server/start-server.js'
import { annEdits, outcomeOf, type StartedReplica, startReplica, web } from './start-replica.js'

const patienceMs = 600_000
const rounds = process.env.RUNS === 'long' ? 10_000 : 200

/**
 * Bob is removed from a project on one node, and only then something is written into it that he must not see. A
 * replica that follows another node, through a network that holds back what it is told, is asked whether he may.
 */
describe('a new enemy, over three nodes', () => {
  const store = memoryStore()
  let one: StartedReplica
  let other: StartedServer
  let writer: Awaited<ReturnType<typeof remoteEngine>>
  beforeAll(async () => {
    one = await startReplica({}, { store })
    const { apiKey, engine } = one.server
    other = await startServer({ store, apiKey, model: engine.model })
    writer = await remoteEngine({ url: other.url, apiKey, writeDeadlineMs: 10_000 })
  })
  afterAll(async () => {
    await writer.close()
    await other.close()
    await one.close()
  })

  const bobEdits = { ...annEdits, subject: { membershipId: bob } }

  /** How often he is let in after he was removed. */
  async function letIn(ask: 'with the token' | 'without'): Promise<number> {
    let times = 0
    for (let round = 0; round < rounds; round++) {
      // Late by many rounds, and never so late that the replica would ask the server.
      if (round % 100 === 0) {
        one.proxy.releaseFeed()
        one.proxy.holdFeed()
      }
      const given = { organizationId: acme, subject: { membershipId: bob }, role: 'editor', resource: web }
      const { value, token: ofGift } = await writer.assignRole(given)
      const sees = await one.replica.check(bobEdits, { consistency: { atLeast: ofGift } })
      expect(sees.kind).toBe('allow')
      const { token } = await writer.removeAssignment(acme, value.id)
      const outcome =
        ask === 'without'
          ? await outcomeOf(one.replica, bobEdits)
          : (await one.replica.check(bobEdits, { consistency: { atLeast: token } })).kind
      if (outcome === 'allow') times++
    }
    return times
  }

  test(
    'is let in where nothing protects from it: so this test can tell',
    async () => {
      expect(await letIn('without')).toBeGreaterThan(rounds / 2)
    },
    patienceMs,
  )

  test(
    'is never let in by who asks with the token that what was written came with',
    async () => {
      expect(await letIn('with the token')).toBe(0)
      expect(one.proxy.requestsTo('/authorization/check')).toBe(0)
    },
    patienceMs,
  )
})
