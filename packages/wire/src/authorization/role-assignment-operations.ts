import { z } from 'zod'
import { resourceFields } from '../extensions/resource-fields.js'
import { assignmentId, externalId, knownSlug, membershipId, organizationId, resourceId } from '../ids.js'
import { listFields, listOf } from '../lists.js'
import { operation } from '../operation.js'
import { roleAssignmentJson } from './role-assignment.js'

const tag = 'Role assignments'
const membership = z.object({ organization_membership_id: membershipId })
const roleOnResource = z.object({ role_slug: knownSlug, ...resourceFields })
const answer = listOf(roleAssignmentJson)

/** `POST /authorization/organization_memberships/{organization_membership_id}/role_assignments` */
export const assignRole = operation({
  id: 'assignRole',
  method: 'POST',
  path: '/authorization/organization_memberships/{organization_membership_id}/role_assignments',
  summary: 'Give a role on a resource; once more yields the assignment that is there',
  tag,
  scope: 'write',
  status: 201,
  schemas: { params: membership, body: roleOnResource, answer: roleAssignmentJson },
  errors: ['membership_not_found', 'resource_not_found', 'role_unknown', 'role_type_mismatch'],
})

/** `DELETE /authorization/organization_memberships/{organization_membership_id}/role_assignments` */
export const removeRole = operation({
  id: 'removeRole',
  method: 'DELETE',
  path: '/authorization/organization_memberships/{organization_membership_id}/role_assignments',
  summary: 'Take a role on a resource back',
  tag,
  scope: 'write',
  status: 204,
  schemas: { params: membership, body: roleOnResource },
  errors: ['membership_not_found', 'resource_not_found', 'assignment_not_found', 'held_through_group'],
})

/** `DELETE /authorization/organization_memberships/{organization_membership_id}/role_assignments/{role_assignment_id}` */
export const removeRoleAssignment = operation({
  id: 'removeRoleAssignment',
  method: 'DELETE',
  path: '/authorization/organization_memberships/{organization_membership_id}/role_assignments/{role_assignment_id}',
  summary: 'Take a role back by the id of its assignment',
  tag,
  scope: 'write',
  status: 204,
  schemas: { params: membership.extend({ role_assignment_id: assignmentId }) },
  errors: ['membership_not_found', 'assignment_not_found', 'held_through_group'],
})

/** `GET /authorization/organization_memberships/{organization_membership_id}/role_assignments` */
export const listRoleAssignments = operation({
  id: 'listRoleAssignments',
  method: 'GET',
  path: '/authorization/organization_memberships/{organization_membership_id}/role_assignments',
  summary: 'List the roles that a membership holds, by itself and through groups',
  tag,
  scope: 'read',
  status: 200,
  schemas: { params: membership, query: z.object({ ...listFields, ...resourceFields }), answer },
  errors: ['membership_not_found', 'resource_not_found', 'cursor_invalid'],
})

/** `GET /authorization/resources/{resource_id}/role_assignments` */
export const listRoleAssignmentsForResource = operation({
  id: 'listRoleAssignmentsForResource',
  method: 'GET',
  path: '/authorization/resources/{resource_id}/role_assignments',
  summary: 'List the roles that memberships hold on this very resource',
  tag,
  scope: 'read',
  status: 200,
  schemas: {
    params: z.object({ resource_id: resourceId }),
    query: z.object({ ...listFields, role_slug: knownSlug.optional() }),
    answer,
  },
  errors: ['resource_not_found', 'cursor_invalid'],
})

/** `GET /authorization/organizations/{organization_id}/resources/{resource_type_slug}/{external_id}/role_assignments` */
export const listResourceRoleAssignments = operation({
  id: 'listResourceRoleAssignments',
  method: 'GET',
  path: '/authorization/organizations/{organization_id}/resources/{resource_type_slug}/{external_id}/role_assignments',
  summary: "List the roles on a resource by the application's own id",
  tag,
  scope: 'read',
  status: 200,
  schemas: {
    params: z.object({
      organization_id: organizationId,
      resource_type_slug: knownSlug,
      external_id: externalId,
    }),
    query: z.object({ ...listFields, role_slug: knownSlug.optional() }),
    answer,
  },
  errors: ['resource_not_found', 'cursor_invalid'],
})
