import type { EntityKind, ShardId } from '@bailiwick/core'
import { hasLookups, type Lookup, type LookupName } from '../store/lookups.js'
import type { WrittenRow } from './log-rows.js'
import type { Head, LogPlace, PendingEntity } from './pending.js'
import { entityChecksums } from './rows.js'
import { type Command, rowsAtOnce, type Statements } from './statements.js'

/** What the tables are behind, and the log of SQLite: written at once by whoever has a connection, on any thread. */
export interface Batch {
  /** Up to where the tables have the log before, */
  readonly after: number
  /** and when it is written. */
  readonly upTo: number
  /** Of the log, what is ahead of SQLite. */
  readonly rows: Iterable<WrittenRow>
  readonly entities: Iterable<PendingEntity>
  readonly heads: Iterable<readonly [ShardId, Head]>
  readonly places: readonly LogPlace[]
}

/** Write a batch, within a transaction. @throws when the tables are not where it begins. */
export function writeBatch(statements: Statements, batch: Batch): void {
  const { after, upTo, rows: ahead, entities, heads, places } = batch
  const [applied] = statements.applied.get() as [number]
  if (applied !== after) throw new Error(`the tables are at position ${applied}, and not at ${after}`)
  for (const row of ahead) statements.putLog.run(row)
  // In the order of the table, so that what lies together is written together.
  for (const [shard, kinds] of inOrder(byShardAndKind(entities)))
    for (const [kind, ofKind] of inOrder(kinds)) writeEntities(statements, shard, kind, ofKind)
  for (const [shard, head] of heads) statements.putShard.run(shard, head.revision, head.entities)
  for (const [shard, ofShard] of byShard(places)) {
    const rows = new RowsAtOnce(statements.putPlace, statements.putPlaces, [shard])
    for (const { revision, position } of ofShard) rows.put(revision, position)
    rows.end()
  }
  statements.putApplied.run(upTo)
}

type Kinds = Map<EntityKind, PendingEntity[]>

function byShardAndKind(entities: Iterable<PendingEntity>): Map<ShardId, Kinds> {
  const shards = new Map<ShardId, Kinds>()
  for (const entity of entities) {
    const kinds: Kinds = shards.get(entity.shard) ?? new Map()
    shards.set(entity.shard, kinds)
    const ofKind = kinds.get(entity.kind)
    if (ofKind === undefined) kinds.set(entity.kind, [entity])
    else ofKind.push(entity)
  }
  return shards
}

function byShard(places: readonly LogPlace[]): Map<ShardId, LogPlace[]> {
  const shards = new Map<ShardId, LogPlace[]>()
  for (const place of places) {
    const ofShard = shards.get(place.shard)
    if (ofShard === undefined) shards.set(place.shard, [place])
    else ofShard.push(place)
  }
  return shards
}

function inOrder<Key extends string, Value>(map: ReadonlyMap<Key, Value>): readonly [Key, Value][] {
  return [...map].sort(([one], [other]) => compare(one, other))
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

/** Rows that begin alike, written many with one statement: to run one costs about half of what a row does. */
class RowsAtOnce {
  readonly #columns: (string | number)[]
  #rows = 0

  constructor(
    private readonly one: Command,
    private readonly many: Command,
    private readonly alike: readonly string[],
  ) {
    this.#columns = [...alike]
  }

  put(...columns: readonly (string | number)[]): void {
    this.#columns.push(...columns)
    this.#rows += 1
    if (this.#rows < rowsAtOnce) return
    this.many.run(this.#columns)
    this.#columns.length = this.alike.length
    this.#rows = 0
  }

  /** Write what is left. */
  end(): void {
    const left = this.#columns.slice(this.alike.length)
    const each = left.length / this.#rows
    for (let at = 0; at < left.length; at += each) this.one.run([...this.alike, ...left.slice(at, at + each)])
  }
}

function writeEntities(
  statements: Statements,
  shard: ShardId,
  kind: EntityKind,
  entities: PendingEntity[],
): void {
  const { removeEntity, putEntity, putEntities } = statements
  const rows = new RowsAtOnce(putEntity, putEntities, [shard, kind])
  const sum = entityChecksums(shard, kind)
  for (const { op, id, json, lookups, left } of entities.sort((one, other) => compare(one.id, other.id))) {
    // Whatever is put elsewhere comes later than this, and an id is in one place only.
    for (const former of left) removeEntity.run(former, kind, id)
    if (op === 'put') rows.put(id, json, sum(json))
    else removeEntity.run(shard, kind, id)
    if (hasLookups(kind)) writeLookups(statements, kind, id, lookups)
  }
  rows.end()
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
