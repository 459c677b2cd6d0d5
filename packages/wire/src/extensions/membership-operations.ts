import { limits } from '@bailiwick/core'
import { z } from 'zod'
import { membershipJson } from '../directory/memberships.js'
import { knownSlug, membershipId, organizationId, userId } from '../ids.js'
import { operation } from '../operation.js'

const tag = 'Organization memberships'
const organization = '/authorization/organizations/{organization_id}'
const params = z.object({ organization_id: organizationId })
const status = z.enum(['active', 'inactive', 'pending'])
// None is a choice as well: whoever holds no role of her own may still hold those of her groups.
const roles = z.array(knownSlug).max(limits.rolesPerMembership)
const roleErrors = ['role_unknown', 'role_type_mismatch', 'multiple_roles_not_enabled']

/** How a request names a membership: by its id, or by its user. */
export const membershipFields = {
  organization_membership_id: membershipId.optional(),
  user_id: userId.optional(),
}

/** `POST /authorization/organizations/{organization_id}/memberships` */
export const addMembership = operation({
  id: 'addMembership',
  method: 'POST',
  path: `${organization}/memberships`,
  summary: 'Make a user a member, once, in any status and with the roles given, which may be none',
  tag,
  scope: 'write',
  status: 201,
  schemas: {
    params,
    body: z.object({
      user_id: userId,
      id: membershipId.optional(),
      status: status.optional(),
      role_slugs: roles.optional(),
    }),
    answer: membershipJson,
  },
  errors: ['organization_not_found', 'user_not_found', 'membership_exists', ...roleErrors],
})

/** `PUT /authorization/organizations/{organization_id}/membership_roles` */
export const setMembershipRoles = operation({
  id: 'setMembershipRoles',
  method: 'PUT',
  path: `${organization}/membership_roles`,
  summary: 'Say the organization-level roles of a membership, which may be none',
  tag,
  scope: 'write',
  status: 200,
  schemas: { params, body: z.object({ ...membershipFields, role_slugs: roles }), answer: membershipJson },
  errors: ['organization_not_found', 'membership_not_found', ...roleErrors],
})

/** `PUT /authorization/organizations/{organization_id}/membership_status` */
export const setMembershipStatus = operation({
  id: 'setMembershipStatus',
  method: 'PUT',
  path: `${organization}/membership_status`,
  summary: 'Say the status of a membership, from any other',
  tag,
  scope: 'write',
  status: 200,
  schemas: { params, body: z.object({ ...membershipFields, status }), answer: membershipJson },
  errors: ['organization_not_found', 'membership_not_found'],
})
