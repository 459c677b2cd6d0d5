import type { Change, EntityByKind, EntityKind, Organization, ShardId } from '@bailiwick/core'
import { fromCompact } from './compact.js'

/** An entity from its JSON, in the form of this release. */
export function readEntity<Kind extends EntityKind>(
  kind: Kind,
  shard: ShardId,
  json: string,
): EntityByKind[Kind] {
  return entityFrom(kind, shard, JSON.parse(json))
}

/** An entity from what its JSON holds, in the form of this release. */
export function entityFrom<Kind extends EntityKind>(
  kind: Kind,
  shard: ShardId,
  stored: EntityByKind[Kind] | readonly unknown[],
): EntityByKind[Kind] {
  return inFormOfToday(kind, fromCompact(kind, shard, stored))
}

/** The changes of a stored commit, entities in the form of this release. */
export function readChanges(shard: ShardId, changes: readonly Change[]): readonly Change[] {
  return changes.map((change) =>
    change.op === 'put'
      ? // The kind belongs to the entity, which their types apart cannot say.
        ({ ...change, entity: entityFrom(change.kind, shard, change.entity) } as Change)
      : change,
  )
}

/** What is stored is not written again when a release adds a field: it is read as having none. */
function inFormOfToday<Kind extends EntityKind>(kind: Kind, entity: EntityByKind[Kind]): EntityByKind[Kind] {
  if (kind !== 'organization') return entity
  const none: Pick<Organization, 'domains' | 'metadata'> = { domains: [], metadata: {} }
  return { ...none, ...entity }
}
