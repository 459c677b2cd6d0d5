import { z } from 'zod'
import { membershipId, organizationId, userId } from '../ids.js'
import { listFields, listOf, listQuery } from '../lists.js'
import { operation } from '../operation.js'
import { commaList } from '../primitives.js'
import { groupJson } from './groups.js'
import { membershipChangesJson, membershipJson, newMembershipJson } from './memberships.js'

const tag = 'Organization memberships'
const params = z.object({ organization_membership_id: membershipId })
const roleErrors = ['role_unknown', 'role_type_mismatch', 'multiple_roles_not_enabled']

/** `POST /user_management/organization_memberships` */
export const createMembership = operation({
  id: 'createOrganizationMembership',
  method: 'POST',
  path: '/user_management/organization_memberships',
  summary: 'Make a user a member of an organization, or an inactive member active again',
  tag,
  scope: 'write',
  status: 201,
  schemas: { body: newMembershipJson, answer: membershipJson },
  errors: [
    'organization_not_found',
    'user_not_found',
    'membership_exists',
    'membership_pending',
    ...roleErrors,
  ],
})

/** `GET /user_management/organization_memberships` */
export const listMemberships = operation({
  id: 'listOrganizationMemberships',
  method: 'GET',
  path: '/user_management/organization_memberships',
  summary: 'List the memberships of a user, or of an organization',
  tag,
  scope: 'read',
  status: 200,
  schemas: {
    query: z.object({
      ...listFields,
      user_id: userId.optional(),
      organization_id: organizationId.optional(),
      statuses: commaList(z.enum(['active', 'inactive', 'pending'])).optional(),
    }),
    answer: listOf(membershipJson),
  },
  errors: ['filter_missing', 'cursor_invalid'],
})

/** `GET /user_management/organization_memberships/{organization_membership_id}` */
export const getMembership = operation({
  id: 'getOrganizationMembership',
  method: 'GET',
  path: '/user_management/organization_memberships/{organization_membership_id}',
  summary: 'Get a membership',
  tag,
  scope: 'read',
  status: 200,
  schemas: { params, answer: membershipJson },
  errors: ['membership_not_found'],
})

/** `PUT /user_management/organization_memberships/{organization_membership_id}` */
export const updateMembership = operation({
  id: 'updateOrganizationMembership',
  method: 'PUT',
  path: '/user_management/organization_memberships/{organization_membership_id}',
  summary: 'Choose the organization-level roles of a membership',
  tag,
  scope: 'write',
  status: 200,
  schemas: { params, body: membershipChangesJson, answer: membershipJson },
  errors: ['membership_not_found', ...roleErrors],
})

/** `DELETE /user_management/organization_memberships/{organization_membership_id}` */
export const deleteMembership = operation({
  id: 'deleteOrganizationMembership',
  method: 'DELETE',
  path: '/user_management/organization_memberships/{organization_membership_id}',
  summary: 'End a membership, with everything that it holds',
  tag,
  scope: 'write',
  status: 200,
  schemas: { params, answer: z.object({}) },
  errors: ['membership_not_found'],
})

/** `PUT /user_management/organization_memberships/{organization_membership_id}/deactivate` */
export const deactivateMembership = operation({
  id: 'deactivateOrganizationMembership',
  method: 'PUT',
  path: '/user_management/organization_memberships/{organization_membership_id}/deactivate',
  summary: 'Make a membership inactive: it keeps its roles, and is allowed nothing',
  tag,
  scope: 'write',
  status: 200,
  schemas: { params, answer: membershipJson },
  errors: ['membership_not_found', 'membership_pending'],
})

/** `PUT /user_management/organization_memberships/{organization_membership_id}/reactivate` */
export const reactivateMembership = operation({
  id: 'reactivateOrganizationMembership',
  method: 'PUT',
  path: '/user_management/organization_memberships/{organization_membership_id}/reactivate',
  summary: 'Make a membership active again, with the roles that it had',
  tag,
  scope: 'write',
  status: 200,
  schemas: { params, answer: membershipJson },
  errors: ['membership_not_found', 'membership_pending'],
})

/** `GET /user_management/organization_memberships/{organization_membership_id}/groups` */
export const listGroupsOfMembership = operation({
  id: 'listGroupsForOrganizationMembership',
  method: 'GET',
  path: '/user_management/organization_memberships/{organization_membership_id}/groups',
  summary: 'List the groups that a membership is in',
  tag,
  scope: 'read',
  status: 200,
  schemas: { params, query: listQuery, answer: listOf(groupJson) },
  errors: ['membership_not_found', 'cursor_invalid'],
})
