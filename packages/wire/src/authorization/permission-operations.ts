import { z } from 'zod'
import { knownSlug } from '../ids.js'
import { listOf, listQuery } from '../lists.js'
import { operation } from '../operation.js'
import { newPermissionJson, permissionJson } from './permission.js'
import { renaming } from './renaming.js'

const tag = 'Permissions'
const params = z.object({ slug: knownSlug })

/** `POST /authorization/permissions` */
export const createPermission = operation({
  id: 'createPermission',
  method: 'POST',
  path: '/authorization/permissions',
  summary: 'Create a permission',
  tag,
  scope: 'admin',
  status: 201,
  schemas: {
    body: newPermissionJson,
    answer: permissionJson,
  },
  errors: ['permission_exists', 'resource_type_unknown'],
})

/** `GET /authorization/permissions` */
export const listPermissions = operation({
  id: 'listPermissions',
  method: 'GET',
  path: '/authorization/permissions',
  summary: 'List permissions',
  tag,
  scope: 'read',
  status: 200,
  schemas: { query: listQuery, answer: listOf(permissionJson) },
})

/** `GET /authorization/permissions/{slug}` */
export const getPermission = operation({
  id: 'getPermission',
  method: 'GET',
  path: '/authorization/permissions/{slug}',
  summary: 'Get a permission',
  tag,
  scope: 'read',
  status: 200,
  schemas: { params, answer: permissionJson },
  errors: ['permission_not_found'],
})

/** `PATCH /authorization/permissions/{slug}` */
export const updatePermission = operation({
  id: 'updatePermission',
  method: 'PATCH',
  path: '/authorization/permissions/{slug}',
  summary: 'Rename a permission; its slug and its type stay',
  tag,
  scope: 'admin',
  status: 200,
  schemas: {
    params,
    body: renaming,
    answer: permissionJson,
  },
  errors: ['permission_not_found'],
})

/** `DELETE /authorization/permissions/{slug}` */
export const deletePermission = operation({
  id: 'deletePermission',
  method: 'DELETE',
  path: '/authorization/permissions/{slug}',
  summary: 'Delete a permission, and take it out of every role',
  tag,
  scope: 'admin',
  status: 204,
  schemas: { params },
  errors: ['permission_not_found', 'model_change_refused'],
})
