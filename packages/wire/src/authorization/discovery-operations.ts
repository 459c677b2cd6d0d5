import { z } from 'zod'
import { plainMembershipJson } from '../directory/memberships.js'
import { externalId, knownSlug, membershipId, organizationId, resourceId } from '../ids.js'
import { listFields, listOf } from '../lists.js'
import { operation } from '../operation.js'
import { requiredParent } from './parent-fields.js'
import { resourceJson } from './resource.js'

const tag = 'Discovery'
const byExternalId = z.object({
  organization_id: organizationId,
  resource_type_slug: knownSlug,
  external_id: externalId,
})

/** `GET /authorization/organization_memberships/{organization_membership_id}/resources` */
export const listResourcesForMembership = operation({
  id: 'listResourcesForMembership',
  method: 'GET',
  path: '/authorization/organization_memberships/{organization_membership_id}/resources',
  summary: 'List the children of a resource on which a membership has a permission',
  tag,
  scope: 'check',
  status: 200,
  schemas: {
    params: z.object({ organization_membership_id: membershipId }),
    query: z.object({ ...listFields, permission_slug: knownSlug, ...requiredParent }),
    answer: listOf(resourceJson),
  },
  errors: ['membership_not_found', 'resource_not_found', 'permission_unknown', 'cursor_invalid'],
})

/** Who holds a role on this very resource; or everybody who may, from wherever. */
const subjectsQuery = z.object({
  ...listFields,
  permission_slug: knownSlug,
  assignment: z.enum(['direct', 'indirect']).optional(),
})

/** `GET /authorization/resources/{resource_id}/organization_memberships` */
export const listMembershipsForResource = operation({
  id: 'listMembershipsForResource',
  method: 'GET',
  path: '/authorization/resources/{resource_id}/organization_memberships',
  summary: 'List the memberships that have a permission on a resource',
  tag,
  scope: 'check',
  status: 200,
  schemas: {
    params: z.object({ resource_id: resourceId }),
    query: subjectsQuery,
    answer: listOf(plainMembershipJson),
  },
  errors: ['resource_not_found', 'permission_unknown', 'cursor_invalid'],
})

/** `GET /authorization/organizations/{organization_id}/resources/{resource_type_slug}/{external_id}/organization_memberships` */
export const listMembershipsForResourceByExternalId = operation({
  id: 'listMembershipsForResourceByExternalId',
  method: 'GET',
  path: '/authorization/organizations/{organization_id}/resources/{resource_type_slug}/{external_id}/organization_memberships',
  summary: "List the memberships that have a permission on a resource, by the application's own id",
  tag,
  scope: 'check',
  status: 200,
  schemas: { params: byExternalId, query: subjectsQuery, answer: listOf(plainMembershipJson) },
  errors: ['resource_not_found', 'permission_unknown', 'cursor_invalid'],
})
