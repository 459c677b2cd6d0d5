import { type AssignmentId, assertNever, type HeldRole } from '@bailiwick/core'
import { z } from 'zod'
import { renderResourceAddress, resourceAddress } from '../extensions/resource-fields.js'
import { assignmentId, membershipId } from '../ids.js'
import { timestamp } from '../primitives.js'
import { groupAssignmentId, toGroupAssignmentId } from './assignment-ids.js'
import { derivedAssignmentId } from './derived-assignment-id.js'

/** The role of an assignment. */
export const roleSlugJson = z.object({ slug: z.string() })

/** A role that a membership holds, as it is answered. */
export const roleAssignmentJson = z
  .object({
    object: z.literal('role_assignment'),
    id: assignmentId,
    organization_membership_id: membershipId,
    role: roleSlugJson,
    resource: resourceAddress,
    source: z.object({
      type: z.enum(['direct', 'group']),
      group_role_assignment_id: groupAssignmentId.nullable(),
    }),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'RoleAssignment' })

/** The JSON of a role that a membership holds. */
export type RoleAssignmentJson = z.output<typeof roleAssignmentJson>

/** A role that a membership holds, as JSON. */
export function renderRoleAssignment(held: HeldRole): RoleAssignmentJson {
  return {
    object: 'role_assignment',
    id: heldRoleId(held),
    organization_membership_id: held.membershipId,
    role: { slug: held.role },
    resource: renderResourceAddress(held.resource),
    source:
      held.source.kind === 'group'
        ? { type: 'group', group_role_assignment_id: toGroupAssignmentId(held.source.assignment.id) }
        : { type: 'direct', group_role_assignment_id: null },
    created_at: held.createdAt,
    updated_at: held.updatedAt,
  }
}

/** The id under which a held role is known on the wire. */
export function heldRoleId(held: HeldRole): AssignmentId {
  switch (held.source.kind) {
    case 'direct':
      return held.source.assignment.id
    case 'membership':
    case 'group':
    case 'mapping':
      return derivedAssignmentId(held)
    default:
      return assertNever(held.source)
  }
}
