import { randomBytes } from 'node:crypto'
import { type IdKind, idPrefixes } from '@bailiwick/core'
import { monotonicFactory } from 'ulid'

/** Makes the rest of an id: 26 characters that sort by time. */
export type UlidSource = () => string

/** ULIDs of this process: later ones sort after earlier ones, also within one millisecond. */
export function ulidSource(): UlidSource {
  const next = monotonicFactory(chance())
  return () => next()
}

/**
 * Numbers from 0 up to, not including, 1. An id needs sixteen, and to ask the system for each of them took longer
 * than the command that needs the id.
 */
function chance(): () => number {
  const pool = 1_024
  let bytes = Buffer.alloc(0)
  let used = 0
  return () => {
    if (used === bytes.length) {
      bytes = randomBytes(pool)
      used = 0
    }
    return (bytes[used++] as number) / 256
  }
}

/** A new id of a kind, such as `authz_resource_01J…`. */
export function newId<Id extends string>(kind: IdKind, ulid: UlidSource): Id {
  return `${idPrefixes[kind]}_${ulid()}` as Id
}
