import { createHash } from 'node:crypto'
import { type AssignmentId, assertNever, type HeldRole, idPrefixes } from '@bailiwick/core'

/**
 * The wire's id of a role that a membership holds without an assignment of its own: an organization-level role, or
 * one through a group, ours or the identity provider's. Made of who holds what, so that it is the same in every list,
 * and begun with a letter that no id of ours begins with, so that it is nobody else's.
 */
export function derivedAssignmentId(held: HeldRole): AssignmentId {
  const digest = createHash('sha256')
    .update(JSON.stringify([held.membershipId, held.source.kind, sourceOf(held)]))
    .digest()
  return `${start}${[...digest.subarray(0, 25)].map((byte) => alphabet[byte & 31]).join('')}` as AssignmentId
}

/** Whether an id was made by `derivedAssignmentId`. */
export function isDerivedAssignmentId(id: AssignmentId): boolean {
  return id.startsWith(start)
}

// A ULID begins with a digit of at most 7 until the year 10889.
const start = `${idPrefixes.assignment}_Z`
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

function sourceOf({ source, role }: HeldRole): string {
  switch (source.kind) {
    case 'group':
    case 'direct':
      return source.assignment.id
    case 'mapping':
      return source.mapping.id
    case 'membership':
      return role
    default:
      return assertNever(source)
  }
}
