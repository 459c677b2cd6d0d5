import type { EntityKind, Revision, ShardId } from '@bailiwick/core'
import type { DraftRow } from '../store/draft-rows.js'
import { netChanges, type StoredNow } from '../store/net-changes.js'
import type { AppendCondition, AppendResult } from '../store/store.js'
import type { Head, Pending } from './pending.js'
import type { Statements } from './statements.js'

/** What an append comes to; an error is a bug of the caller, and concerns nobody else. */
export type AppendOutcome = AppendResult | { readonly kind: 'bug'; readonly error: Error }

/** What is stored now: what is pending, and the tables for the rest. */
export interface StoredState {
  readonly statements: Statements
  readonly pending: Pending
}

/** Where a shard stands; at the beginning when it was never written. */
export function headOf({ statements, pending }: StoredState, shard: ShardId): Head {
  const head = pending.heads.get(shard)
  if (head !== undefined) return head
  const [revision, entities] = (statements.shard.get(shard) as [number, number] | undefined) ?? [0, 0]
  return { revision, entities }
}

/** Decide about an append; what it stores is pending afterwards, and the caller's to log. */
export function appendDrafts(
  stored: StoredState,
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
  stored.pending.add(shard, { revision: reached, entities: entities + net.growth }, net.changes)
  return { kind: 'appended', revision: reached }
}

function isGiven(stored: StoredState, condition: AppendCondition | undefined): boolean {
  if (condition === undefined || !('given' in condition)) return true
  const { shard, revision } = condition.given
  return headOf(stored, shard).revision === revision
}

function storedNow({ statements: { home, holder }, pending }: StoredState): StoredNow {
  const textOf = (row: unknown) => (row as [Buffer] | undefined)?.[0].toString()
  const homeOf = (kind: EntityKind, id: string) => {
    const change = pending.entity(kind, id)
    if (change !== undefined) return change.op === 'put' ? change.shard : undefined
    return textOf(home.get(kind, id)) as ShardId | undefined
  }
  return {
    homeOf,
    holderOf: (lookup) => pending.holderOf(lookup, () => textOf(holder.get(lookup.name, lookup.value))),
  }
}
