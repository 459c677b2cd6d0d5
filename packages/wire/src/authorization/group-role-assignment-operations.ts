import { limits } from '@bailiwick/core'
import { z } from 'zod'
import { resourceFields } from '../extensions/resource-fields.js'
import { groupId, knownSlug } from '../ids.js'
import { listOf, listQuery } from '../lists.js'
import { operation } from '../operation.js'
import { groupAssignmentId } from './assignment-ids.js'
import { groupRoleAssignmentJson } from './group-role-assignment.js'

const tag = 'Group role assignments'
const group = z.object({ group_id: groupId })
const one = group.extend({ role_assignment_id: groupAssignmentId })
// Without a resource, the organization itself.
const roleOnResource = z.object({ role_slug: knownSlug, ...resourceFields })

/** `POST /authorization/groups/{group_id}/role_assignments` */
export const createGroupRoleAssignment = operation({
  id: 'createGroupRoleAssignment',
  method: 'POST',
  path: '/authorization/groups/{group_id}/role_assignments',
  summary: 'Give a group a role on a resource, or on the organization',
  tag,
  scope: 'write',
  status: 201,
  schemas: { params: group, body: roleOnResource, answer: groupRoleAssignmentJson },
  errors: [
    'group_not_found',
    'resource_not_found',
    'assignment_exists',
    'role_unknown',
    'role_type_mismatch',
  ],
})

/** `GET /authorization/groups/{group_id}/role_assignments` */
export const listGroupRoleAssignments = operation({
  id: 'listGroupRoleAssignments',
  method: 'GET',
  path: '/authorization/groups/{group_id}/role_assignments',
  summary: 'List the roles that a group holds',
  tag,
  scope: 'read',
  status: 200,
  schemas: { params: group, query: listQuery, answer: listOf(groupRoleAssignmentJson) },
  errors: ['group_not_found', 'cursor_invalid'],
})

/** `PUT /authorization/groups/{group_id}/role_assignments` */
export const replaceGroupRoleAssignments = operation({
  id: 'replaceGroupRoleAssignments',
  method: 'PUT',
  path: '/authorization/groups/{group_id}/role_assignments',
  summary: 'Say all roles of a group: what it keeps keeps its id',
  tag,
  scope: 'write',
  status: 200,
  schemas: {
    params: group,
    body: z.object({ role_assignments: z.array(roleOnResource).max(limits.assignmentsPerReplace) }),
    answer: listOf(groupRoleAssignmentJson),
  },
  errors: ['group_not_found', 'resource_not_found', 'role_unknown', 'role_type_mismatch'],
})

/** `DELETE /authorization/groups/{group_id}/role_assignments` */
export const removeGroupRoleAssignments = operation({
  id: 'removeGroupRoleAssignments',
  method: 'DELETE',
  path: '/authorization/groups/{group_id}/role_assignments',
  summary: 'Take a role on a resource back from a group',
  tag,
  scope: 'write',
  status: 204,
  schemas: { params: group, body: roleOnResource },
  errors: ['group_not_found', 'resource_not_found', 'assignment_not_found', 'role_unknown'],
})

/** `GET /authorization/groups/{group_id}/role_assignments/{role_assignment_id}` */
export const getGroupRoleAssignment = operation({
  id: 'getGroupRoleAssignment',
  method: 'GET',
  path: '/authorization/groups/{group_id}/role_assignments/{role_assignment_id}',
  summary: 'Get a role that a group holds',
  tag,
  scope: 'read',
  status: 200,
  schemas: { params: one, answer: groupRoleAssignmentJson },
  errors: ['group_not_found', 'assignment_not_found'],
})

/** `DELETE /authorization/groups/{group_id}/role_assignments/{role_assignment_id}` */
export const removeGroupRoleAssignment = operation({
  id: 'removeGroupRoleAssignment',
  method: 'DELETE',
  path: '/authorization/groups/{group_id}/role_assignments/{role_assignment_id}',
  summary: 'Take a role back from a group by the id of its assignment',
  tag,
  scope: 'write',
  status: 204,
  schemas: { params: one },
  errors: ['group_not_found', 'assignment_not_found'],
})
