import type { Commit } from '@bailiwick/core'
import type { FeedEvent } from '@bailiwick/wire'
import { afterEach, describe, expect, test } from 'vitest'
import type { Following, HeardEvent } from './follow-feed.js'
import { Follower } from './follower.js'

const followers: Follower[] = []
afterEach(() => {
  for (const follower of followers.splice(0)) follower.stop()
})

type Step = FeedEvent | { readonly sleepMs: number } | 'break'

/** A feed that goes by a script, one for each connection, and a clock that only the script moves. */
function scripted(...connections: (readonly Step[])[]) {
  let now = 0
  const asked: (string | undefined)[] = []
  const heard: unknown[] = []
  let settle = () => {}
  const over = new Promise<void>((resolve) => {
    settle = resolve
  })
  async function* follow({ after, signal }: Following): AsyncGenerator<HeardEvent> {
    asked.push(after)
    for (const step of connections.shift() ?? []) {
      if (step === 'break') throw new Error('broken')
      if ('sleepMs' in step) now += step.sleepMs
      else yield { event: step, token: `after ${step.position}` }
    }
    if (connections.length > 0) return
    settle()
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve)
    })
  }
  const follower = new Follower({
    follow,
    organizations: undefined,
    clock: () => now,
    listener: {
      begins: (store) => heard.push(store),
      committed: ({ revision }) => heard.push(revision),
    },
  })
  followers.push(follower)
  return {
    follower,
    asked,
    heard,
    over,
    sleep: (ms: number) => {
      now += ms
    },
  }
}

const opened = (store = 'one', position = 0): FeedEvent => ({ event: 'opened', store, position })
const heartbeat = (elapsed_ms: number, position = 0): FeedEvent => ({
  event: 'heartbeat',
  elapsed_ms,
  position,
})
const commit = (position: number): FeedEvent => ({
  event: 'commit',
  position,
  commit: { shard: 'environment', revision: position, at: '', changes: [] } satisfies Commit,
})

describe('what was heard is as old', () => {
  test('as the time since the heartbeat was sent, counted from when the request went out', async () => {
    const { follower, over, sleep } = scripted([{ sleepMs: 40 }, opened(), { sleepMs: 60 }, heartbeat(90)])
    await follower.start()
    await over
    // Sent 100 ms ago by our clock, and 90 ms after the server had it: no younger than 10.
    expect(follower.ageMs).toBe(10)
    sleep(500)
    expect(follower.ageMs).toBe(510)
  })

  test('when a heartbeat was long on its way: when it comes makes nothing younger', async () => {
    const { follower, over } = scripted([opened(), heartbeat(0), { sleepMs: 5_000 }, heartbeat(250)])
    await follower.start()
    await over
    expect(follower.ageMs).toBe(4_750)
  })

  test('when another connection tells something older', async () => {
    const { follower, over } = scripted(
      [opened(), { sleepMs: 1_000 }, heartbeat(1_000), 'break'],
      [opened(), heartbeat(-500)],
    )
    await follower.start()
    await over
    expect(follower.ageMs).toBe(0)
  })

  test('without an end when what was heard before is worth nothing any more', async () => {
    const { follower, over } = scripted([
      opened(),
      heartbeat(0),
      { event: 'gap', reason: 'trimmed', position: 7 },
    ])
    await follower.start()
    await over
    expect(follower.ageMs).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('a connection that ends', () => {
  test('is followed by another, from the event heard last', async () => {
    const { follower, asked, heard, over } = scripted(
      [opened(), heartbeat(0), commit(1), commit(2), 'break'],
      [opened('one', 2), commit(3), { event: 'end', reason: 'renew', position: 3 }],
      [opened('one', 3), commit(4)],
    )
    await follower.start()
    await over
    expect(asked).toEqual([undefined, 'after 2', 'after 3'])
    expect(heard).toEqual(['one', 1, 2, 3, 4])
  })

  test('to another store begins anew', async () => {
    const { follower, heard, over } = scripted(
      [opened(), heartbeat(0), commit(1), 'break'],
      [opened('two', 9), { event: 'gap', reason: 'store_foreign', position: 9 }, commit(10)],
    )
    await follower.start()
    await over
    expect(heard).toEqual(['one', 1, 'two', 'two', 10])
  })

  test.each([
    ['broken', ['break']],
    ['over', [opened()]],
  ] as const)('and is %s before a heartbeat: the start fails', async (_, steps) => {
    const { follower } = scripted(steps, [])
    await expect(follower.start()).rejects.toThrow()
  })
})
