import { crc32 } from 'node:zlib'
import type { AnyEntity, EntityKind, ShardId } from '@bailiwick/core'
import { type KindOfLookup, type Lookup, type LookupName, lookupKinds, lookupsOf } from '../store/lookups.js'
import type { Step } from '../store/net-changes.js'
import type { CommitDraft, Located } from '../store/store.js'
import { checksum, checksumOfKey } from './checksum.js'
import { readEntity } from './read-entity.js'
import { damaged } from './sqlite-errors.js'

/** A change as it is stored: read when the append begins, so that the caller cannot change it afterwards. */
export interface ChangeRow extends Step {
  /** The entity that is put; empty for a removal. */
  readonly json: string
  readonly lookups: readonly Lookup[]
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
        ? {
            op: 'put',
            kind: change.kind,
            id: change.entity.id,
            json: JSON.stringify(change.entity),
            lookups: lookupsOf(change),
          }
        : { op: 'remove', kind: change.kind, id: change.id, json: '', lookups: [] },
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

export function entityChecksum(shard: string, kind: EntityKind, json: string | Buffer): number {
  return checksum(json, shard, kind)
}

/** Some entities of one kind: the kind, the last id, the entities a line each, their checksums between commas. */
export type EntitiesRow = readonly [Buffer, Buffer, Buffer, Buffer]

/** Append what a row holds to `entities`. The hot path of a load: one checksum of the key for all. */
export function decodeEntities(
  shard: ShardId,
  [kindBytes, , lines, sums]: EntitiesRow,
  into: AnyEntity[],
): void {
  const kind = kindBytes.toString() as EntityKind
  const key = checksumOfKey(shard, kind)
  const expected = sums.toString().split(',')
  const found = lines.toString().split('\n')
  for (const [n, json] of found.entries()) {
    if (crc32(json, key) !== Number(expected[n]))
      throw damaged(`a ${kind} of \`${shard}\` fails its checksum`)
    into.push(entityOf(kind, json))
  }
}

/** An entity with its kind beside it. */
export function entityOf(kind: EntityKind, json: string): AnyEntity {
  // The kind belongs to the entity, which their types apart cannot say.
  return { kind, entity: readEntity(kind, json) } as AnyEntity
}

/** Shard, id, entity, checksum. */
export type LocatedRow = readonly [Buffer, Buffer, Buffer, number]

export function decodeLocated<Kind extends EntityKind>(
  kind: Kind,
  [shardBytes, idBytes, json, sum]: LocatedRow,
): Located<Kind> {
  const shard = shardBytes.toString() as ShardId
  const id = idBytes.toString()
  if (entityChecksum(shard, kind, json) !== sum) {
    throw damaged(`the ${kind} \`${id}\` of \`${shard}\` fails its checksum`)
  }
  const entity = readEntity(kind, json.toString())
  if (entity.id !== id) throw damaged(`the ${kind} \`${entity.id}\` of \`${shard}\` stands under \`${id}\``)
  return { shard, entity }
}

/** The columns of a located row; all but the id are null where the entity is missing. */
export type FoundRow = LocatedRow | readonly [null, Buffer, null, null]

/** @param value - As it is sought, so that a look-up that leads astray is noticed. */
export function decodeFound<Name extends LookupName>(
  name: Name,
  value: string,
  row: FoundRow,
): Located<KindOfLookup<Name>> {
  const kind: KindOfLookup<Name> = lookupKinds[name]
  if (row[0] === null) throw damaged(`the ${kind} \`${row[1]}\` is missing, and \`${name}\` names it`)
  const located = decodeLocated(kind, row)
  const lookups = lookupsOf({ kind, entity: located.entity } as AnyEntity)
  if (!lookups.some((lookup) => lookup.name === name && lookup.value === value))
    throw damaged(`the ${kind} \`${located.entity.id}\` is not what \`${name}\` says`)
  return located
}
