import { type RemoteEngine, remoteEngine } from '@bailiwick/client'
import { replicaEngine } from '@bailiwick/client/replica'
import type { AuthorizationEngine } from '@bailiwick/core'
import { memoryStore } from '@bailiwick/engine'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FeedProxy } from '../replica/feed-proxy.js'
import { annEdits, web } from '../replica/start-replica.js'
import { acme, bob, model } from '../server/acme-server.js'
import { startThreeNodes, type ThreeNodes } from './three-nodes.js'

const patienceMs = 600_000
const isLong = process.env.RUNS === 'long'
const roundsToTell = 100

const bobEdits = { ...annEdits, subject: { membershipId: bob } }

interface Reader {
  readonly reader: AuthorizationEngine
  /** How it comes to hold that he may; with the token of his gift by default. */
  readonly looksAt?: 'latest'
}

/**
 * Bob is removed from a project on one node, and only then something is written into it that he must not see; the
 * token of his removal is stored with that. Who reads it asks whether he may: with that token, or without.
 *
 * He was let in on a second node a moment before. The readers know a third one, through a network that holds back what
 * it tells of changes.
 */
describe('a new enemy, over three nodes', () => {
  let three: ThreeNodes
  let network: FeedProxy
  let giver: RemoteEngine
  let taker: RemoteEngine
  const readers = new Map<string, Reader>()

  beforeAll(async () => {
    three = await startThreeNodes(memoryStore())
    const [first = '', second = '', third = ''] = three.urls
    const { apiKey } = three
    network = await FeedProxy.open(third)
    const patient = { apiKey, model, deadlineMs: 60_000, writeDeadlineMs: 60_000 }
    giver = await remoteEngine({ ...patient, url: first })
    taker = await remoteEngine({ ...patient, url: second })
    // As long as may be: what is late here is late by many rounds, and never by so much that the server is asked.
    const { url } = network
    const cache = { maxAgeMs: 60_000 }
    readers.set('a replica', {
      reader: await replicaEngine({ apiKey, url, deadlineMs: 60_000, stalenessMs: 60_000 }),
    })
    readers.set('kept answers', { reader: await remoteEngine({ ...patient, url, cache }) })
    readers.set('kept answers that follow the feed', {
      reader: await remoteEngine({ ...patient, url, cache: { ...cache, follow: true } }),
      looksAt: 'latest',
    })
  })
  afterAll(async () => {
    for (const { reader } of readers.values()) await reader.close()
    for (const engine of [giver, taker]) await engine.close()
    await network.close()
    await three.close()
  })

  /** How often he is let in after he was removed. */
  async function letIn(
    { reader, looksAt }: Reader,
    times: number,
    ask: 'with the token' | 'without',
  ): Promise<number> {
    let found = 0
    const given = { organizationId: acme, subject: { membershipId: bob }, role: 'editor', resource: web }
    for (let round = 0; round < times; round++) {
      if (round % 100 === 0) {
        network.releaseFeed()
        network.holdFeed()
      }
      const { value, token: ofGift } = await giver.assignRole(given)
      // He looks at once, so that what the reader holds is that he may.
      const sees = await reader.check(bobEdits, { consistency: looksAt ?? { atLeast: ofGift } })
      expect(sees.kind).toBe('allow')
      const { token } = await taker.removeAssignment(acme, value.id)
      const options = ask === 'without' ? {} : { consistency: { atLeast: token } }
      const { kind } = await reader.check(bobEdits, options)
      if (kind === 'allow') found++
    }
    return found
  }

  describe.each([
    ['a replica', 10_000],
    ['kept answers', 2_000],
    ['kept answers that follow the feed', 2_000],
  ])('asked of %s', (name, longRounds) => {
    const rounds = isLong ? longRounds : roundsToTell
    const reader = () => readers.get(name) as Reader

    test(
      'without the token, he is let in: so this test can tell',
      async () => {
        expect(await letIn(reader(), roundsToTell, 'without')).toBeGreaterThan(roundsToTell / 2)
      },
      patienceMs,
    )

    test(
      'with the token, he never is',
      async () => {
        expect(await letIn(reader(), rounds, 'with the token')).toBe(0)
      },
      patienceMs,
    )
  })
})
