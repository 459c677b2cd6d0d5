import { z } from 'zod'
import { knownSlug } from '../ids.js'
import { operation } from '../operation.js'
import { roleJson, rolesJson } from './role.js'
import {
  addedPermissionJson,
  newEnvironmentRoleJson,
  roleChangesJson,
  rolePermissionsJson,
} from './role-fields.js'

const tag = 'Roles'
const params = z.object({ slug: knownSlug })

/** `POST /authorization/roles` */
export const createEnvironmentRole = operation({
  id: 'createEnvironmentRole',
  method: 'POST',
  path: '/authorization/roles',
  summary: 'Create a role that all organizations share; it comes last in the order of priority',
  tag,
  scope: 'admin',
  status: 201,
  schemas: { body: newEnvironmentRoleJson, answer: roleJson },
  errors: ['role_exists', 'resource_type_unknown', 'permission_unknown'],
})

/** `GET /authorization/roles` */
export const listEnvironmentRoles = operation({
  id: 'listEnvironmentRoles',
  method: 'GET',
  path: '/authorization/roles',
  summary: 'List the roles that all organizations share, in the order of priority',
  tag,
  scope: 'read',
  status: 200,
  schemas: { answer: rolesJson },
})

/** `GET /authorization/roles/{slug}` */
export const getEnvironmentRole = operation({
  id: 'getEnvironmentRole',
  method: 'GET',
  path: '/authorization/roles/{slug}',
  summary: 'Get a role that all organizations share',
  tag,
  scope: 'read',
  status: 200,
  schemas: { params, answer: roleJson },
  errors: ['role_not_found'],
})

/** `PATCH /authorization/roles/{slug}` */
export const updateEnvironmentRole = operation({
  id: 'updateEnvironmentRole',
  method: 'PATCH',
  path: '/authorization/roles/{slug}',
  summary: 'Rename a role; its slug and its type stay',
  tag,
  scope: 'admin',
  status: 200,
  schemas: { params, body: roleChangesJson, answer: roleJson },
  errors: ['role_not_found', 'permission_unknown'],
})

/** `DELETE /authorization/roles/{slug}`: ours. */
export const deleteEnvironmentRole = operation({
  id: 'deleteEnvironmentRole',
  method: 'DELETE',
  path: '/authorization/roles/{slug}',
  summary: 'Delete a role that nobody holds',
  tag,
  scope: 'admin',
  status: 204,
  schemas: { params },
  errors: ['role_not_found', 'model_change_refused'],
})

/** `PUT /authorization/roles/{slug}/permissions` */
export const setEnvironmentRolePermissions = operation({
  id: 'setEnvironmentRolePermissions',
  method: 'PUT',
  path: '/authorization/roles/{slug}/permissions',
  summary: 'Say all permissions of a role',
  tag,
  scope: 'admin',
  status: 200,
  schemas: { params, body: rolePermissionsJson, answer: roleJson },
  errors: ['role_not_found', 'permission_unknown'],
})

/** `POST /authorization/roles/{slug}/permissions` */
export const addEnvironmentRolePermission = operation({
  id: 'addEnvironmentRolePermission',
  method: 'POST',
  path: '/authorization/roles/{slug}/permissions',
  summary: 'Add a permission to a role; once more changes nothing',
  tag,
  scope: 'admin',
  status: 200,
  schemas: { params, body: addedPermissionJson, answer: roleJson },
  errors: ['role_not_found', 'permission_unknown'],
})

/** `DELETE /authorization/roles/{slug}/permissions/{permission_slug}`: ours. */
export const removeEnvironmentRolePermission = operation({
  id: 'removeEnvironmentRolePermission',
  method: 'DELETE',
  path: '/authorization/roles/{slug}/permissions/{permission_slug}',
  summary: 'Take a permission out of a role',
  tag,
  scope: 'admin',
  status: 200,
  schemas: { params: z.object({ slug: knownSlug, permission_slug: knownSlug }), answer: roleJson },
  errors: ['role_not_found', 'permission_not_found'],
})
