import { z } from 'zod'
import { externalId, knownSlug, membershipId, resourceId } from '../ids.js'
import { listOf, listQuery } from '../lists.js'
import { operation } from '../operation.js'
import { permissionJson } from './permission.js'

const summary = 'List the permissions that a membership has on a resource, from wherever'
const answer = listOf(permissionJson)
const byId = z.object({ organization_membership_id: membershipId, resource_id: resourceId })
const errors = ['membership_not_found', 'resource_not_found', 'cursor_invalid']

/** `GET /authorization/organization_memberships/{organization_membership_id}/resources/{resource_id}/permissions` */
export const listEffectivePermissions = operation({
  id: 'listEffectivePermissions',
  method: 'GET',
  path: '/authorization/organization_memberships/{organization_membership_id}/resources/{resource_id}/permissions',
  summary,
  tag: 'Discovery',
  scope: 'check',
  status: 200,
  schemas: { params: byId, query: listQuery, answer },
  errors,
})

/**
 * `GET /authorization/resources/{resource_id}/organization_memberships/{organization_membership_id}/permissions`: the
 * same by the path that the SDK asks for and the specification does not have.
 */
export const listEffectivePermissionsOnResource = operation({
  id: 'listEffectivePermissionsOnResource',
  method: 'GET',
  path: '/authorization/resources/{resource_id}/organization_memberships/{organization_membership_id}/permissions',
  summary,
  tag: 'Discovery',
  scope: 'check',
  status: 200,
  schemas: { params: byId, query: listQuery, answer },
  errors,
})

/** `GET /authorization/organization_memberships/{organization_membership_id}/resources/{resource_type_slug}/{external_id}/permissions` */
export const listEffectivePermissionsByExternalId = operation({
  id: 'listEffectivePermissionsByExternalId',
  method: 'GET',
  path: '/authorization/organization_memberships/{organization_membership_id}/resources/{resource_type_slug}/{external_id}/permissions',
  summary,
  tag: 'Discovery',
  scope: 'check',
  status: 200,
  schemas: {
    params: z.object({
      organization_membership_id: membershipId,
      resource_type_slug: knownSlug,
      external_id: externalId,
    }),
    query: listQuery,
    answer,
  },
  errors,
})
