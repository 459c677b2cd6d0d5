import { setTimeout as wait } from 'node:timers/promises'
import { ConsistencyUnreachable } from '@bailiwick/core'
import type { Reached } from './consistency-token.js'
import type { Store } from './store/store.js'

const mostMs = 1_000
const longestPauseMs = 100

/**
 * Wait until a store has what a consistency token names: no longer than a second, or than the caller waits. Where
 * nobody else writes, what is not there now does not come.
 *
 * @throws {ConsistencyUnreachable}
 */
export async function untilReached(
  store: Pick<Store, 'access' | 'revision'>,
  { shard, revision }: Reached,
  signal?: AbortSignal,
): Promise<void> {
  const end = performance.now() + mostMs
  for (let pauseMs = 5; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    signal?.throwIfAborted()
    const here = await store.revision(shard)
    if (here >= revision) return
    const leftMs = end - performance.now()
    if (store.access === 'exclusive' || leftMs <= 0) throw new ConsistencyUnreachable(shard, revision, here)
    // Who breaks it off is told so at the next turn.
    await wait(Math.min(pauseMs, leftMs), undefined, signal === undefined ? {} : { signal }).catch(() => {})
  }
}
