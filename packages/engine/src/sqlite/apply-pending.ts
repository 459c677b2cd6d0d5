import { hasLookups, type Lookup, type LookupName } from '../store/lookups.js'
import type { Connection } from './connect.js'
import type { Pending, PendingEntity } from './pending.js'
import { entityChecksum } from './rows.js'
import type { Statements } from './statements.js'
import { transact } from './transact.js'

/** Write into the tables what is pending, all of it or nothing. @param position - Where the log ends. */
export function applyPending(connection: Connection, pending: Pending, position: number): void {
  const { statements } = connection
  transact(connection, () => {
    // In the order of the table, so that what lies together is written together.
    for (const entity of [...pending.entities()].sort(inOrder)) writeEntity(statements, entity)
    for (const [shard, { revision, entities }] of pending.heads)
      statements.putShard.run(shard, revision, entities)
    for (const { shard, revision, position: row } of pending.places)
      statements.putPlace.run(shard, revision, row)
    statements.putApplied.run(position)
  })
}

function inOrder(one: PendingEntity, other: PendingEntity): number {
  return compare(one.shard, other.shard) || compare(one.kind, other.kind) || compare(one.id, other.id)
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function writeEntity(
  statements: Statements,
  { op, shard, kind, id, json, lookups, left }: PendingEntity,
): void {
  const { putEntity, removeEntity } = statements
  for (const former of left) removeEntity.run(former, kind, id)
  if (op === 'put') putEntity.run(shard, kind, id, json, entityChecksum(shard, kind, json))
  else removeEntity.run(shard, kind, id)
  if (hasLookups(kind)) writeLookups(statements, kind, id, lookups)
}

/** Most puts change nothing by which the entity is found, and then nothing is written. */
function writeLookups(
  { lookupsOf, putLookup, removeLookup }: Statements,
  kind: string,
  id: string,
  lookups: readonly Lookup[],
): void {
  const rows = lookupsOf.all(kind, id) as [Buffer, Buffer][]
  const before = rows.map(
    ([name, value]): Lookup => ({ name: name.toString() as LookupName, value: value.toString() }),
  )
  for (const { name, value } of without(before, lookups)) removeLookup.run(name, value, id)
  for (const { name, value } of without(lookups, before)) putLookup.run(name, value, id, kind)
}

function without(some: readonly Lookup[], others: readonly Lookup[]): readonly Lookup[] {
  return some.filter(
    ({ name, value }) => !others.some((other) => other.name === name && other.value === value),
  )
}
