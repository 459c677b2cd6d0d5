import { hasLookups, type Lookup, type LookupName } from '../store/lookups.js'
import type { Connection } from './connect.js'
import type { Pending, PendingEntity } from './pending.js'
import { entityChecksum } from './rows.js'
import { rowsAtOnce, type Statements } from './statements.js'
import { transact } from './transact.js'

/** Write into the tables what is pending, all of it or nothing. @param position - Where the log ends. */
export function applyPending(connection: Connection, pending: Pending, position: number): void {
  const { statements } = connection
  transact(connection, () => {
    // In the order of the table, so that what lies together is written together.
    const rows = new EntityRows(statements)
    for (const entity of [...pending.entities()].sort(inOrder)) writeEntity(statements, entity, rows)
    rows.end()
    for (const [shard, { revision, entities }] of pending.heads)
      statements.putShard.run(shard, revision, entities)
    for (const { shard, revision, position: row } of pending.places)
      statements.putPlace.run([shard, revision, row])
    statements.putApplied.run(position)
  })
}

function inOrder(one: PendingEntity, other: PendingEntity): number {
  return compare(one.shard, other.shard) || compare(one.kind, other.kind) || compare(one.id, other.id)
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

/** Rows of entities, written many with one statement: to run one costs about half of what a row does. */
class EntityRows {
  readonly #columns: (string | number)[] = []

  constructor(private readonly statements: Statements) {}

  put(...columns: readonly [shard: string, kind: string, id: string, json: string, checksum: number]): void {
    this.#columns.push(...columns)
    if (this.#columns.length < rowsAtOnce * columns.length) return
    this.statements.putEntities.run(this.#columns)
    this.#columns.length = 0
  }

  /** Write what is left. */
  end(): void {
    const { putEntity } = this.statements
    for (let at = 0; at < this.#columns.length; at += 5) putEntity.run(this.#columns.slice(at, at + 5))
  }
}

function writeEntity(
  statements: Statements,
  { op, shard, kind, id, json, lookups, left }: PendingEntity,
  rows: EntityRows,
): void {
  // Whatever is put elsewhere comes later than this, and an id is in one place only.
  const { removeEntity } = statements
  for (const former of left) removeEntity.run(former, kind, id)
  if (op === 'put') rows.put(shard, kind, id, json, entityChecksum(shard, kind, json))
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
