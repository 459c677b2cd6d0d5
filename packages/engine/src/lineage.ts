import { type ConsistencyToken, ConsistencyTokenInvalid, type Notebook, StoreUnusable } from '@bailiwick/core'
import { type Reached, readToken, storeOfToken } from './consistency-token.js'
import type { Store } from './store/store.js'

/** A store from whose backup another one was made: up to this position they have the same log. */
export interface Ancestor {
  readonly store: string
  readonly position: number
}

/** Where the note of it lies. */
export const [lineageBucket, lineageKey] = ['store', 'lineage'] as const

/** What is noted while a backup is being restored: nobody may use a store that has half of one. */
export const unfinished = 'unfinished'

/** The ancestors of a store, the oldest first; none unless it was restored from a backup. */
export async function readLineage(notebook: Pick<Notebook, 'read'>): Promise<readonly Ancestor[]> {
  const note = await notebook.read(lineageBucket, lineageKey)
  return note === undefined ? [] : parseLineage(note)
}

/** @throws {StoreUnusable} while a backup is being restored. */
export function parseLineage(note: string): readonly Ancestor[] {
  if (note === unfinished) {
    throw new StoreUnusable(
      'store_damaged',
      'a backup was not restored into this store to its end: restore it again, or another one',
    )
  }
  return JSON.parse(note)
}

/**
 * Whether a store has what a consistency token names. Its own tokens it can read without asking anybody; of those that
 * an ancestor gave, it has what stood in the log up to the backup. The same revision may have been written anew since,
 * by somebody else: so the position decides, and never the revision alone.
 *
 * @throws {ConsistencyTokenInvalid} `consistency_token_lost` for what came after the backup.
 */
export async function reachedBy(
  token: ConsistencyToken,
  store: Pick<Store, 'id' | 'positionOf'>,
  ancestors: readonly Ancestor[] = [],
): Promise<Reached> {
  const issuer = storeOfToken(token)
  // Each has an id of its own, and the log of the one before it to where that was restored from.
  const ancestor = ancestors.find((each) => each.store === issuer)
  if (ancestor === undefined || store.positionOf === undefined) return readToken(token, store.id)
  const reached = readToken(token, ancestor.store)
  const position = await store.positionOf(reached.shard, reached.revision)
  if (reached.revision > 0 && (position === undefined || position > ancestor.position)) {
    throw new ConsistencyTokenInvalid(
      'consistency_token_lost',
      'the consistency token names a write that came after the backup from which this store was restored: it is gone',
    )
  }
  return reached
}
