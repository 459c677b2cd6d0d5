import { crc32 } from 'node:zlib'
import type { AnyEntity, EntityByKind, EntityKind, ShardId } from '@bailiwick/core'
import { type DraftRow, draftRow } from '../store/draft-rows.js'
import { type KindOfLookup, type LookupName, lookupKinds, lookupsOf } from '../store/lookups.js'
import type { CommitDraft, Located } from '../store/store.js'
import { checksum, checksumOfKey } from './checksum.js'
import { compactJson } from './compact.js'
import { entityFrom, readEntity } from './read-entity.js'
import { damaged } from './sqlite-errors.js'

/** Write a draft down as this store keeps it. */
export function encodeDraft(shard: ShardId, draft: CommitDraft): DraftRow {
  return draftRow(draft, (kind, entity) => compactJson(kind, shard, entity))
}

export function entityChecksum(shard: string, kind: EntityKind, json: string | Buffer): number {
  return checksum(json, shard, kind)
}

/** The checksums of many entities that are of one kind and in one shard. */
export function entityChecksums(shard: string, kind: EntityKind): (json: string) => number {
  const key = checksumOfKey(shard, kind)
  return (json) => crc32(json, key)
}

/** An entity, from what its JSON holds, with its kind beside it. */
export function entityOf(kind: EntityKind, shard: ShardId, stored: EntityByKind[EntityKind]): AnyEntity {
  // The kind belongs to the entity, which their types apart cannot say.
  return { kind, entity: entityFrom(kind, shard, stored) } as AnyEntity
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
  const entity = readEntity(kind, shard, json.toString())
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
