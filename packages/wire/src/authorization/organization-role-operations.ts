import { z } from 'zod'
import { knownSlug, organizationId } from '../ids.js'
import { operation } from '../operation.js'
import { roleJson, rolesJson } from './role.js'
import {
  addedPermissionJson,
  newOrganizationRoleJson,
  roleChangesJson,
  rolePermissionsJson,
} from './role-fields.js'

const tag = 'Organization roles'
const organization = z.object({ organization_id: organizationId })
const params = z.object({ organization_id: organizationId, slug: knownSlug })

/** `POST /authorization/organizations/{organization_id}/roles` */
export const createOrganizationRole = operation({
  id: 'createOrganizationRole',
  method: 'POST',
  path: '/authorization/organizations/{organization_id}/roles',
  summary: 'Create a role of one organization; without a slug one is made from the name',
  tag,
  scope: 'write',
  status: 201,
  schemas: {
    params: organization,
    body: newOrganizationRoleJson,
    answer: roleJson,
  },
  errors: ['organization_not_found', 'role_exists', 'resource_type_unknown', 'permission_unknown'],
})

/** `GET /authorization/organizations/{organization_id}/roles` */
export const listOrganizationRoles = operation({
  id: 'listOrganizationRoles',
  method: 'GET',
  path: '/authorization/organizations/{organization_id}/roles',
  summary: 'List the roles of an organization, shared ones included, in the order of priority',
  tag,
  scope: 'read',
  status: 200,
  schemas: { params: organization, answer: rolesJson },
  errors: ['organization_not_found'],
})

/** `GET /authorization/organizations/{organization_id}/roles/{slug}` */
export const getOrganizationRole = operation({
  id: 'getOrganizationRole',
  method: 'GET',
  path: '/authorization/organizations/{organization_id}/roles/{slug}',
  summary: 'Get a role of an organization, or a shared one',
  tag,
  scope: 'read',
  status: 200,
  schemas: { params, answer: roleJson },
  errors: ['organization_not_found', 'role_not_found'],
})

/** `PATCH /authorization/organizations/{organization_id}/roles/{slug}` */
export const updateOrganizationRole = operation({
  id: 'updateOrganizationRole',
  method: 'PATCH',
  path: '/authorization/organizations/{organization_id}/roles/{slug}',
  summary: "Rename an organization's own role; its slug and its type stay",
  tag,
  scope: 'write',
  status: 200,
  schemas: { params, body: roleChangesJson, answer: roleJson },
  errors: ['organization_not_found', 'role_not_found', 'permission_unknown'],
})

/** `DELETE /authorization/organizations/{organization_id}/roles/{slug}` */
export const deleteOrganizationRole = operation({
  id: 'deleteOrganizationRole',
  method: 'DELETE',
  path: '/authorization/organizations/{organization_id}/roles/{slug}',
  summary: "Delete an organization's own role that nobody holds",
  tag,
  scope: 'write',
  status: 204,
  schemas: { params },
  errors: ['organization_not_found', 'role_not_found', 'role_in_use'],
})

/** `PUT /authorization/organizations/{organization_id}/roles/{slug}/permissions` */
export const setOrganizationRolePermissions = operation({
  id: 'setOrganizationRolePermissions',
  method: 'PUT',
  path: '/authorization/organizations/{organization_id}/roles/{slug}/permissions',
  summary: "Say all permissions of an organization's own role",
  tag,
  scope: 'write',
  status: 200,
  schemas: { params, body: rolePermissionsJson, answer: roleJson },
  errors: ['organization_not_found', 'role_not_found', 'permission_unknown'],
})

/** `POST /authorization/organizations/{organization_id}/roles/{slug}/permissions` */
export const addOrganizationRolePermission = operation({
  id: 'addOrganizationRolePermission',
  method: 'POST',
  path: '/authorization/organizations/{organization_id}/roles/{slug}/permissions',
  summary: "Add a permission to an organization's own role; once more changes nothing",
  tag,
  scope: 'write',
  status: 200,
  schemas: { params, body: addedPermissionJson, answer: roleJson },
  errors: ['organization_not_found', 'role_not_found', 'permission_unknown'],
})

/** `DELETE /authorization/organizations/{organization_id}/roles/{slug}/permissions/{permission_slug}` */
export const removeOrganizationRolePermission = operation({
  id: 'removeOrganizationRolePermission',
  method: 'DELETE',
  path: '/authorization/organizations/{organization_id}/roles/{slug}/permissions/{permission_slug}',
  summary: "Take a permission out of an organization's own role",
  tag,
  scope: 'write',
  status: 200,
  schemas: { params: params.extend({ permission_slug: knownSlug }), answer: roleJson },
  errors: ['organization_not_found', 'role_not_found', 'permission_not_found'],
})
