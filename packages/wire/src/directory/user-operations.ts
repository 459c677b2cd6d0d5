import { z } from 'zod'
import { externalId, organizationId, userId } from '../ids.js'
import { listFields, listOf } from '../lists.js'
import { operation } from '../operation.js'
import { newUserJson, userChangesJson, userJson } from './users.js'

const tag = 'Users'
const params = z.object({ user_id: userId })

/** `POST /user_management/users` */
export const createUser = operation({
  id: 'createUser',
  method: 'POST',
  path: '/user_management/users',
  summary: 'Create a user',
  tag,
  scope: 'write',
  status: 201,
  schemas: { body: newUserJson, answer: userJson },
  errors: ['user_exists', 'input_invalid'],
})

/** `GET /user_management/users` */
export const listUsers = operation({
  id: 'listUsers',
  method: 'GET',
  path: '/user_management/users',
  summary: 'List users, all, those of an organization, or the one with an address',
  tag,
  scope: 'read',
  status: 200,
  schemas: {
    query: z.object({
      ...listFields,
      email: z.string().max(254).optional(),
      organization_id: organizationId.optional(),
    }),
    answer: listOf(userJson),
  },
  errors: ['cursor_invalid'],
})

/** `GET /user_management/users/{user_id}` */
export const getUser = operation({
  id: 'getUser',
  method: 'GET',
  path: '/user_management/users/{user_id}',
  summary: 'Get a user',
  tag,
  scope: 'read',
  status: 200,
  schemas: { params, answer: userJson },
  errors: ['user_not_found'],
})

/** `GET /user_management/users/external_id/{external_id}` */
export const getUserByExternalId = operation({
  id: 'getUserByExternalId',
  method: 'GET',
  path: '/user_management/users/external_id/{external_id}',
  summary: "Get a user by the application's own id",
  tag,
  scope: 'read',
  status: 200,
  schemas: { params: z.object({ external_id: externalId }), answer: userJson },
  errors: ['user_not_found'],
})

/** `PUT /user_management/users/{user_id}` */
export const updateUser = operation({
  id: 'updateUser',
  method: 'PUT',
  path: '/user_management/users/{user_id}',
  summary: 'Change what is named of a user; metadata is merged',
  tag,
  scope: 'write',
  status: 200,
  schemas: { params, body: userChangesJson, answer: userJson },
  errors: ['user_not_found', 'user_exists', 'input_invalid'],
})

/** `DELETE /user_management/users/{user_id}` */
export const deleteUser = operation({
  id: 'deleteUser',
  method: 'DELETE',
  path: '/user_management/users/{user_id}',
  summary: 'Delete a user and her memberships everywhere',
  tag,
  scope: 'write',
  status: 200,
  schemas: { params, answer: z.object({}) },
  errors: ['user_not_found'],
})
