import type { Revision, ShardId } from '@bailiwick/core'
import type { StoredState } from './append-drafts.js'
import { decodeLogRow } from './log-rows.js'
import { logRowAt } from './read-log.js'

/** Where a commit stands in the log; `undefined` when there is none. */
export function positionOf(stored: StoredState, shard: ShardId, revision: Revision): number | undefined {
  const { statements, pending } = stored
  // A row is found by the last revision of each shard in it.
  const [place] = (statements.placeOf.get(shard, revision) as [number] | undefined) ?? [
    pending.places.find((each) => each.shard === shard && each.revision >= revision)?.position,
  ]
  const row = place === undefined ? undefined : logRowAt(stored, place)
  if (row === undefined) return undefined
  return decodeLogRow(row).find(({ commit }) => commit.shard === shard && commit.revision === revision)
    ?.position
}
