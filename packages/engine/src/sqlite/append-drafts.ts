import type { EntityKind, Revision, ShardId } from '@bailiwick/core'
import { hasLookups, type Lookup, type LookupName } from '../store/lookups.js'
import { netChanges, type StoredNow } from '../store/net-changes.js'
import type { AppendResult } from '../store/store.js'
import { commitChecksum, type DraftRow, encodeChanges, entityChecksum } from './rows.js'
import type { Statements } from './statements.js'

/** What an append comes to; an error is a bug of the caller, and concerns nobody else. */
export type AppendOutcome = AppendResult | { readonly kind: 'bug'; readonly error: Error }

/** Decide about an append, and write it, within a transaction. Nothing is written unless it is `appended`. */
export function appendDrafts(
  statements: Statements,
  shard: ShardId,
  expected: Revision,
  drafts: readonly DraftRow[],
): AppendOutcome {
  const [revision, entities] = (statements.shard.get(shard) as [number, number] | undefined) ?? [0, 0]
  if (revision !== expected) return { kind: 'conflict', revision }
  const net = netChanges(shard, drafts, storedNow(statements))
  if (net.kind !== 'changes') return net

  const { putShard, putCommit, putEntity, removeEntity } = statements
  for (const { op, kind, id, json, lookups } of net.changes) {
    if (op === 'put') putEntity.run(shard, kind, id, json, entityChecksum(shard, kind, json))
    else removeEntity.run(shard, kind, id)
    if (hasLookups(kind)) writeLookups(statements, kind, id, lookups)
  }
  for (const [n, { at, changes }] of drafts.entries()) {
    const json = encodeChanges(changes)
    putCommit.run(shard, expected + n + 1, at, json, commitChecksum(shard, expected + n + 1, at, json))
  }
  const reached = expected + drafts.length
  putShard.run(shard, reached, entities + net.growth)
  return { kind: 'appended', revision: reached }
}

function storedNow({ home, holder }: Statements): StoredNow {
  const textOf = (row: unknown) => (row as [Buffer] | undefined)?.[0].toString()
  return {
    homeOf: (kind, id) => textOf(home.get(kind, id)) as ShardId | undefined,
    holderOf: ({ name, value }) => textOf(holder.get(name, value)),
  }
}

/** Most puts change nothing by which the entity is found, and then nothing is written. */
function writeLookups(
  { lookupsOf, putLookup, removeLookup }: Statements,
  kind: EntityKind,
  id: string,
  lookups: readonly Lookup[],
): void {
  const rows = lookupsOf.all(kind, id) as [Buffer, Buffer][]
  const before = rows.map(
    ([name, value]): Lookup => ({
      name: name.toString() as LookupName,
      value: value.toString(),
    }),
  )
  for (const { name, value } of without(before, lookups)) removeLookup.run(name, value, id)
  for (const { name, value } of without(lookups, before)) putLookup.run(name, value, id, kind)
}

function without(some: readonly Lookup[], others: readonly Lookup[]): readonly Lookup[] {
  return some.filter(
    ({ name, value }) => !others.some((other) => other.name === name && other.value === value),
  )
}
