import type { EntityKind, Revision, ShardId } from '@bailiwick/core'
import type { DraftRow } from '../store/draft-rows.js'
import { netChanges, type StoredNow } from '../store/net-changes.js'
import type { AppendCondition, AppendResult } from '../store/store.js'
import type { AheadRows } from './ahead-rows.js'
import type { KnownTables } from './known-tables.js'
import type { Head, Pending } from './pending.js'
import type { Statements } from './statements.js'

/** What an append comes to; an error is a bug of the caller, and concerns nobody else. */
export type AppendOutcome = AppendResult | { readonly kind: 'bug'; readonly error: Error }

/** What is stored now: what is pending, and the tables for the rest; of the log, what is ahead of SQLite too. */
export interface StoredState {
  readonly statements: Statements
  readonly ahead: AheadRows
  readonly tables: KnownTables
  readonly pending: Pending
}

/** Where a shard stands; at the beginning when it was never written. */
export function headOf({ tables, pending }: StoredState, shard: ShardId): Head {
  return pending.heads.get(shard) ?? tables.head(shard)
}

/**
 * Decide about an append; what it stores is pending afterwards, and the caller's to log.
 *
 * @param position - In the log, of the last of its commits.
 */
export function appendDrafts(
  stored: StoredState,
  position: number,
  shard: ShardId,
  expected: Revision,
  drafts: readonly DraftRow[],
  condition?: AppendCondition,
): AppendOutcome {
  const { revision, entities } = headOf(stored, shard)
  if (revision !== expected || !isGiven(stored, condition)) return { kind: 'conflict', revision }
  const net = netChanges(shard, drafts, storedNow(stored))
  if (net.kind !== 'changes') return net
  const reached = expected + drafts.length
  stored.pending.add(shard, { revision: reached, entities: entities + net.growth, position }, net.changes)
  return { kind: 'appended', revision: reached }
}

function isGiven(stored: StoredState, condition: AppendCondition | undefined): boolean {
  if (condition === undefined || !('given' in condition)) return true
  const { shard, revision } = condition.given
  return headOf(stored, shard).revision === revision
}

function storedNow({ tables, pending }: StoredState): StoredNow {
  const homeOf = (kind: EntityKind, id: string) => {
    const change = pending.entity(kind, id)
    if (change !== undefined) return change.op === 'put' ? change.shard : undefined
    return tables.home(kind, id)
  }
  return {
    homeOf,
    holderOf: (lookup) => pending.holderOf(lookup, () => tables.holder(lookup.name, lookup.value)),
  }
}
