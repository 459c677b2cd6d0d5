import type { AnyEntity, EntityByKind, EntityKind, ShardId } from '@bailiwick/core'
import { nothingPacked, type PackedFacts, type PackedKind } from '../store/packed-facts.js'
import type { LoadedShard } from '../store/store.js'
import { checksumOfKey } from './checksum.js'
import { LineCheck, lineEnd } from './line-check.js'
import { packLines } from './pack-lines.js'
import { entityOf } from './rows.js'
import { damaged } from './sqlite-errors.js'

/** Some entities of one kind, a line each, and their checksums. */
export interface EntityLines {
  readonly kind: EntityKind
  readonly lines: Buffer
  readonly sums: Buffer
  readonly count: number
}

/** All of a shard, for a graph: what is many packed, the rest as entities. @throws {StoreUnusable} `store_damaged` */
export function factsIn(
  shard: ShardId,
  read: readonly EntityLines[],
): { readonly facts: NonNullable<LoadedShard['facts']>; readonly count: number } {
  const packed: Record<PackedKind, PackedFacts[]> = {
    membership: [],
    resource: [],
    assignment: [],
    group_member: [],
  }
  const others: AnyEntity[] = []
  let count = 0
  for (const some of read) {
    const check = checkOf(shard, some)
    count += some.count
    if (!isPackedKind(some.kind)) {
      verify(shard, some, check)
      decode(shard, some, others)
      continue
    }
    const lines = packLines(some.kind, some.lines, check)
    if (!check.isPassedBy(some.lines)) throw failing(shard, some.kind)
    packed[some.kind].push(lines.facts)
    for (const { from, to } of lines.others)
      others.push(entityOf(some.kind, shard, JSON.parse(some.lines.toString('utf8', from, to))))
  }
  return { facts: { packed, others }, count }
}

/** All of a shard as entities. @throws {StoreUnusable} `store_damaged` */
export function entitiesIn(shard: ShardId, read: readonly EntityLines[]): AnyEntity[] {
  const entities: AnyEntity[] = []
  for (const some of read) {
    verify(shard, some, checkOf(shard, some))
    decode(shard, some, entities)
  }
  return entities
}

function checkOf(shard: ShardId, { kind, sums, count }: EntityLines): LineCheck {
  return new LineCheck(checksumOfKey(shard, kind), sums, count)
}

function isPackedKind(kind: EntityKind): kind is PackedKind {
  return kind in nothingPacked
}

function verify(shard: ShardId, { kind, lines }: EntityLines, check: LineCheck): void {
  for (let from = 0; from < lines.length; ) {
    const end = lines.indexOf(lineEnd, from, 'latin1')
    const to = end === -1 ? lines.length : end
    check.add(to - from)
    from = to + lineEnd.length
  }
  if (!check.isPassedBy(lines)) throw failing(shard, kind)
}

function failing(shard: ShardId, kind: EntityKind): Error {
  return damaged(`a ${kind} of \`${shard}\` fails its checksum`)
}

/** One text is parsed for all. */
function decode(shard: ShardId, { kind, lines }: EntityLines, into: AnyEntity[]): void {
  const stored: readonly EntityByKind[EntityKind][] = JSON.parse(`[${lines.toString()}]`)
  for (const each of stored) into.push(entityOf(kind, shard, each))
}
