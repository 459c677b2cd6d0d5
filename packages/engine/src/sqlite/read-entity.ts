import type { Change, EntityByKind, EntityKind, Organization } from '@bailiwick/core'

/** An entity from its JSON, in the form of this release. */
export function readEntity<Kind extends EntityKind>(kind: Kind, json: string): EntityByKind[Kind] {
  return inFormOfToday(kind, JSON.parse(json))
}

/** The changes of a stored commit, entities in the form of this release. */
export function readChanges(changes: readonly Change[]): readonly Change[] {
  return changes.map((change) =>
    change.op === 'put' && change.kind === 'organization'
      ? { ...change, entity: inFormOfToday('organization', change.entity) }
      : change,
  )
}

/** What is stored is not written again when a release adds a field: it is read as having none. */
function inFormOfToday<Kind extends EntityKind>(kind: Kind, entity: EntityByKind[Kind]): EntityByKind[Kind] {
  if (kind !== 'organization') return entity
  const none: Pick<Organization, 'domains' | 'metadata'> = { domains: [], metadata: {} }
  return { ...none, ...entity }
}
