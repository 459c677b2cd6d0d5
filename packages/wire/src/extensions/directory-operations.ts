import { limits } from '@bailiwick/core'
import { z } from 'zod'
import { membershipJson } from '../directory/memberships.js'
import { knownSlug, mappingId, organizationId } from '../ids.js'
import { listFields, listOf } from '../lists.js'
import { operation } from '../operation.js'
import { directoryMapping } from './held.js'
import { membershipFields } from './membership-operations.js'
import { resourceFields } from './resource-fields.js'

const tag = 'Identity provider'
const organization = '/authorization/organizations/{organization_id}'
const params = z.object({ organization_id: organizationId })
const one = params.extend({ directory_mapping_id: mappingId })
const directoryGroup = z.string().min(1).max(limits.nameLength)

/** `POST /authorization/organizations/{organization_id}/directory_mappings` */
export const createDirectoryMapping = operation({
  id: 'createDirectoryMapping',
  method: 'POST',
  path: `${organization}/directory_mappings`,
  summary: 'Give a role to whoever is in a group of the identity provider, on the organization or below',
  tag,
  scope: 'write',
  status: 201,
  schemas: {
    params,
    body: z.object({ directory_group: directoryGroup, role_slug: knownSlug, ...resourceFields }),
    answer: directoryMapping,
  },
  errors: [
    'organization_not_found',
    'resource_not_found',
    'role_unknown',
    'role_type_mismatch',
    'mapping_exists',
  ],
})

/** `GET /authorization/organizations/{organization_id}/directory_mappings` */
export const listDirectoryMappings = operation({
  id: 'listDirectoryMappings',
  method: 'GET',
  path: `${organization}/directory_mappings`,
  summary: 'List the mappings of an organization',
  tag,
  scope: 'read',
  status: 200,
  schemas: { params, query: z.object(listFields), answer: listOf(directoryMapping) },
})

/** `GET /authorization/organizations/{organization_id}/directory_mappings/{directory_mapping_id}` */
export const getDirectoryMapping = operation({
  id: 'getDirectoryMapping',
  method: 'GET',
  path: `${organization}/directory_mappings/{directory_mapping_id}`,
  summary: 'Get a mapping',
  tag,
  scope: 'read',
  status: 200,
  schemas: { params: one, answer: directoryMapping },
  errors: ['mapping_not_found'],
})

/** `DELETE /authorization/organizations/{organization_id}/directory_mappings/{directory_mapping_id}` */
export const deleteDirectoryMapping = operation({
  id: 'deleteDirectoryMapping',
  method: 'DELETE',
  path: `${organization}/directory_mappings/{directory_mapping_id}`,
  summary: 'Delete a mapping: what it gave is gone at once',
  tag,
  scope: 'write',
  status: 204,
  schemas: { params: one },
  errors: ['mapping_not_found'],
})

/** `PUT /authorization/organizations/{organization_id}/directory_groups` */
export const syncDirectoryGroups = operation({
  id: 'syncDirectoryGroups',
  method: 'PUT',
  path: `${organization}/directory_groups`,
  summary: 'Tell the groups of a membership at the identity provider, in place of those told before',
  tag,
  scope: 'write',
  status: 200,
  schemas: {
    params,
    body: z.object({
      ...membershipFields,
      directory_groups: z.array(directoryGroup).max(limits.directoryGroupsPerMembership),
      source: z.enum(['sso', 'directory']).optional(),
    }),
    answer: membershipJson,
  },
  errors: ['organization_not_found', 'membership_not_found'],
})

/** `POST /authorization/organizations/{organization_id}/directory_group_events` */
export const applyDirectoryGroupEvent = operation({
  id: 'applyDirectoryGroupEvent',
  method: 'POST',
  path: `${organization}/directory_group_events`,
  summary: 'Tell that a membership came into a group at the identity provider, or left it',
  tag,
  scope: 'write',
  status: 200,
  schemas: {
    params,
    body: z.object({
      ...membershipFields,
      kind: z.enum(['added', 'removed']),
      directory_group: directoryGroup,
    }),
    answer: membershipJson,
  },
  errors: ['organization_not_found', 'membership_not_found'],
})
