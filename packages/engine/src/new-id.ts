import { type IdKind, idPrefixes } from '@bailiwick/core'
import { monotonicFactory } from 'ulid'

/** Makes the rest of an id: 26 characters that sort by time. */
export type UlidSource = () => string

/** ULIDs of this process: later ones sort after earlier ones, also within one millisecond. */
export function ulidSource(): UlidSource {
  const next = monotonicFactory()
  return () => next()
}

/** A new id of a kind, such as `authz_resource_01J…`. */
export function newId<Id extends string>(kind: IdKind, ulid: UlidSource): Id {
  return `${idPrefixes[kind]}_${ulid()}` as Id
}
