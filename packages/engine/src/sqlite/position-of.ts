import type { Revision, ShardId } from '@bailiwick/core'
import type { StoredState } from './append-drafts.js'
import { decodeLogRow, type LogRow } from './log-rows.js'

/** Where a commit stands in the log; `undefined` when there is none. */
export function positionOf(
  { statements, pending }: StoredState,
  shard: ShardId,
  revision: Revision,
): number | undefined {
  // A row is found by the last revision of each shard in it.
  const [place] = (statements.placeOf.get(shard, revision) as [number] | undefined) ?? [
    pending.places.find((each) => each.shard === shard && each.revision >= revision)?.position,
  ]
  const row = place === undefined ? undefined : (statements.logRow.get(place) as LogRow | undefined)
  if (row === undefined) return undefined
  return decodeLogRow(row).find(({ commit }) => commit.shard === shard && commit.revision === revision)
    ?.position
}
