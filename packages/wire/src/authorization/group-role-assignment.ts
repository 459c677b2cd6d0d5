import type { Assignment, GroupId, ResourceAddress } from '@bailiwick/core'
import { z } from 'zod'
import { renderResourceAddress, resourceAddress } from '../extensions/resource-fields.js'
import { groupId } from '../ids.js'
import { timestamp } from '../primitives.js'
import { groupAssignmentId, toGroupAssignmentId } from './assignment-ids.js'
import { roleSlugJson } from './role-assignment.js'

/** A role that a group holds, as it is answered. */
export const groupRoleAssignmentJson = z
  .object({
    object: z.literal('group_role_assignment'),
    id: groupAssignmentId,
    group_id: groupId,
    role: roleSlugJson,
    resource: resourceAddress,
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'GroupRoleAssignment' })

/** The JSON of a role that a group holds. */
export type GroupRoleAssignmentJson = z.output<typeof groupRoleAssignmentJson>

/** A role that a group holds, as JSON. @param resource - That on which it is held. */
export function renderGroupRoleAssignment(
  assignment: Assignment,
  resource: ResourceAddress,
): GroupRoleAssignmentJson {
  return {
    object: 'group_role_assignment',
    id: toGroupAssignmentId(assignment.id),
    group_id: assignment.subject.id as GroupId,
    role: { slug: assignment.role },
    resource: renderResourceAddress(resource),
    created_at: assignment.createdAt,
    updated_at: assignment.updatedAt,
  }
}
