import { crc32 } from 'node:zlib'
import type { AnyEntity, Change, Commit, EntityByKind, EntityKind, Revision, ShardId } from '@bailiwick/core'
import type { Step } from '../store/net-changes.js'
import type { CommitDraft, Located } from '../store/store.js'
import { checksum, checksumOfKey } from './checksum.js'
import { damaged } from './sqlite-errors.js'

/** A change as it is stored: read when the append begins, so that the caller cannot change it afterwards. */
export interface ChangeRow extends Step {
  /** The entity that is put; empty for a removal. */
  readonly json: string
}

export interface DraftRow {
  readonly at: string
  readonly changes: readonly ChangeRow[]
}

export function encodeDraft({ at, changes }: CommitDraft): DraftRow {
  return {
    at,
    changes: changes.map((change) =>
      change.op === 'put'
        ? { op: 'put', kind: change.kind, id: change.entity.id, json: JSON.stringify(change.entity) }
        : { op: 'remove', kind: change.kind, id: change.id, json: '' },
    ),
  }
}

/** The `changes` of a commit, put together from entities that are JSON already. */
export function encodeChanges(changes: readonly ChangeRow[]): string {
  const steps = changes.map(({ op, kind, id, json }) =>
    op === 'put'
      ? `{"op":"put","kind":"${kind}","entity":${json}}`
      : `{"op":"remove","kind":"${kind}","id":${JSON.stringify(id)}}`,
  )
  return `[${steps.join(',')}]`
}

export function entityChecksum(shard: ShardId, kind: EntityKind, json: string): number {
  return checksum(json, shard, kind)
}

export function commitChecksum(shard: ShardId, revision: Revision, at: string, changes: string): number {
  return checksum(changes, shard, revision, at)
}

/** `[kind, entity, checksum]` of one shard, in the order of kinds. */
export type LoadedRow = readonly [EntityKind, string, number]

/** Read the rows of a shard: the hot path of a load, so one pass, and one checksum of the key for each kind. */
export function decodeShard(shard: ShardId, rows: Iterable<LoadedRow>): AnyEntity[] {
  const entities: AnyEntity[] = []
  let current: EntityKind | undefined
  let key = 0
  for (const [kind, json, sum] of rows) {
    if (kind !== current) {
      current = kind
      key = checksumOfKey(shard, kind)
    }
    if (crc32(json, key) !== sum) throw damaged(`a ${kind} of \`${shard}\` does not match its checksum`)
    entities.push({ kind, entity: JSON.parse(json) })
  }
  return entities
}

/** `[shard, id, entity, checksum]` of one kind. */
export type LocatedRow = readonly [ShardId, string, string, number]

export function decodeLocated<Kind extends EntityKind>(
  kind: Kind,
  [shard, id, json, sum]: LocatedRow,
): Located<Kind> {
  if (entityChecksum(shard, kind, json) !== sum) {
    throw damaged(`the ${kind} \`${id}\` of \`${shard}\` does not match its checksum`)
  }
  const entity: EntityByKind[Kind] = JSON.parse(json)
  if (entity.id !== id) throw damaged(`the ${kind} \`${entity.id}\` of \`${shard}\` stands under \`${id}\``)
  return { shard, entity }
}

/** `[revision, at, changes, checksum]`. */
export type CommitRow = readonly [Revision, string, string, number]

/** @param expected - The revision that comes next. */
export function decodeCommit(
  shard: ShardId,
  expected: Revision,
  [revision, at, json, sum]: CommitRow,
): Commit {
  if (revision !== expected) throw damaged(`commit ${expected} of \`${shard}\` is missing`)
  if (commitChecksum(shard, revision, at, json) !== sum) {
    throw damaged(`commit ${revision} of \`${shard}\` does not match its checksum`)
  }
  const changes: readonly Change[] = JSON.parse(json)
  return { shard, revision, at, changes }
}
