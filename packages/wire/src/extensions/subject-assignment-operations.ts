import { limits } from '@bailiwick/core'
import { z } from 'zod'
import { groupAssignmentId } from '../authorization/assignment-ids.js'
import { assignmentId, knownSlug, organizationId } from '../ids.js'
import { listFields, listOf } from '../lists.js'
import { operation } from '../operation.js'
import { heldAssignment } from './held.js'
import { resourceFields } from './resource-fields.js'
import { subjectFields } from './subject-fields.js'

const tag = 'Subject role assignments'
const path = '/authorization/organizations/{organization_id}/role_assignments'
const params = z.object({ organization_id: organizationId })
// Without a resource, the organization itself.
const roleOnResource = { role_slug: knownSlug, ...resourceFields }
const subjectErrors = ['organization_not_found', 'membership_not_found', 'group_not_found', 'agent_not_found']
const givingErrors = [...subjectErrors, 'resource_not_found', 'role_unknown', 'role_type_mismatch']

/** `GET /authorization/organizations/{organization_id}/role_assignments` */
export const listSubjectRoleAssignments = operation({
  id: 'listSubjectRoleAssignments',
  method: 'GET',
  path,
  summary: 'List the roles assigned to one subject of any kind, not counting those through groups',
  tag,
  scope: 'read',
  status: 200,
  schemas: { params, query: z.object({ ...listFields, ...subjectFields }), answer: listOf(heldAssignment) },
})

/** `POST /authorization/organizations/{organization_id}/role_assignments` */
export const createSubjectRoleAssignment = operation({
  id: 'createSubjectRoleAssignment',
  method: 'POST',
  path,
  summary: 'Give a role to a subject of any kind; once more yields the assignment that is there',
  tag,
  scope: 'write',
  status: 201,
  schemas: { params, body: z.object({ ...subjectFields, ...roleOnResource }), answer: heldAssignment },
  errors: givingErrors,
})

/** `PUT /authorization/organizations/{organization_id}/role_assignments` */
export const replaceSubjectRoleAssignments = operation({
  id: 'replaceSubjectRoleAssignments',
  method: 'PUT',
  path,
  summary: 'Say all roles assigned to a subject: what it keeps keeps its id',
  tag,
  scope: 'write',
  status: 200,
  schemas: {
    params,
    body: z.object({
      ...subjectFields,
      role_assignments: z.array(z.object(roleOnResource)).max(limits.assignmentsPerReplace),
    }),
    answer: listOf(heldAssignment),
  },
  errors: givingErrors,
})

/** `DELETE /authorization/organizations/{organization_id}/role_assignments/{role_assignment_id}` */
export const removeSubjectRoleAssignment = operation({
  id: 'removeSubjectRoleAssignment',
  method: 'DELETE',
  path: `${path}/{role_assignment_id}`,
  summary: 'Take a role back from whoever it is assigned to',
  tag,
  scope: 'write',
  status: 204,
  schemas: { params: params.extend({ role_assignment_id: z.union([assignmentId, groupAssignmentId]) }) },
  errors: ['organization_not_found', 'assignment_not_found'],
})
