import { z } from 'zod'
import { rolesJson } from '../authorization/role.js'
import { externalId, organizationId } from '../ids.js'
import { listFields, listOf } from '../lists.js'
import { operation } from '../operation.js'
import { commaList } from '../primitives.js'
import { newOrganizationJson, organizationChangesJson, organizationJson } from './organizations.js'

const tag = 'Organizations'
const params = z.object({ organization_id: organizationId })

/** `POST /organizations` */
export const createOrganization = operation({
  id: 'createOrganization',
  method: 'POST',
  path: '/organizations',
  summary: 'Create an organization',
  tag,
  scope: 'write',
  status: 201,
  schemas: { body: newOrganizationJson, answer: organizationJson },
  errors: ['organization_exists', 'input_invalid'],
})

/** `GET /organizations` */
export const listOrganizations = operation({
  id: 'listOrganizations',
  method: 'GET',
  path: '/organizations',
  summary: 'List organizations, all or those that have one of some domains',
  tag,
  scope: 'read',
  status: 200,
  schemas: {
    query: z.object({
      ...listFields,
      domains: commaList(z.string().min(1).max(253)).optional(),
      search: z.string().min(1).max(256).optional(),
    }),
    answer: listOf(organizationJson),
  },
  errors: ['cursor_invalid'],
})

/** `GET /organizations/{organization_id}` */
export const getOrganization = operation({
  id: 'getOrganization',
  method: 'GET',
  path: '/organizations/{organization_id}',
  summary: 'Get an organization',
  tag,
  scope: 'read',
  status: 200,
  schemas: { params, answer: organizationJson },
  errors: ['organization_not_found'],
})

/** `GET /organizations/external_id/{external_id}` */
export const getOrganizationByExternalId = operation({
  id: 'getOrganizationByExternalId',
  method: 'GET',
  path: '/organizations/external_id/{external_id}',
  summary: "Get an organization by the application's own id",
  tag,
  scope: 'read',
  status: 200,
  schemas: { params: z.object({ external_id: externalId }), answer: organizationJson },
  errors: ['organization_not_found'],
})

/** `PUT /organizations/{organization_id}` */
export const updateOrganization = operation({
  id: 'updateOrganization',
  method: 'PUT',
  path: '/organizations/{organization_id}',
  summary: 'Change what is named of an organization; metadata is merged',
  tag,
  scope: 'write',
  status: 200,
  schemas: { params, body: organizationChangesJson, answer: organizationJson },
  errors: ['organization_not_found', 'organization_exists', 'input_invalid'],
})

/** `DELETE /organizations/{organization_id}` */
export const deleteOrganization = operation({
  id: 'deleteOrganization',
  method: 'DELETE',
  path: '/organizations/{organization_id}',
  summary: 'Delete an organization and everything in it',
  tag,
  scope: 'write',
  status: 200,
  schemas: { params, answer: z.object({}) },
  errors: ['organization_not_found'],
})

/** `GET /organizations/{organization_id}/roles` */
export const listRolesOfOrganization = operation({
  id: 'listRolesOfOrganization',
  method: 'GET',
  path: '/organizations/{organization_id}/roles',
  summary: 'List the roles of an organization, as older releases of the SDK ask for them',
  tag,
  scope: 'read',
  status: 200,
  schemas: { params, answer: rolesJson },
  errors: ['organization_not_found'],
})
