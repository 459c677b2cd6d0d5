import { z } from 'zod'
import { userId } from '../ids.js'
import { listOf, listQuery } from '../lists.js'
import { operation } from '../operation.js'
import {
  authenticateJson,
  authenticationJson,
  keySetJson,
  keySetParams,
  logoutQuery,
  mintJson,
  revokeSessionJson,
  sessionJson,
} from './sessions.js'

const tag = 'Sessions'

/** `GET /sso/jwks/{client_id}` */
export const getKeySet = operation({
  id: 'getJwks',
  method: 'GET',
  path: '/sso/jwks/{client_id}',
  summary: 'Get the public keys by which access tokens are verified',
  tag,
  scope: 'public',
  status: 200,
  schemas: { params: keySetParams, answer: keySetJson },
})

/** `POST /sso/jwks/{client_id}/rotate` */
export const rotateSigningKeys = operation({
  id: 'rotateSigningKeys',
  method: 'POST',
  path: '/sso/jwks/{client_id}/rotate',
  summary: 'Sign with a new key from now on; what the one before has signed stays good',
  tag,
  scope: 'admin',
  status: 201,
  schemas: { params: keySetParams, answer: keySetJson },
})

/** `POST /development/sessions` */
export const mintSession = operation({
  id: 'mintSession',
  method: 'POST',
  path: '/development/sessions',
  summary: 'Sign somebody in without a sign-in page: for development and tests',
  tag,
  scope: 'admin',
  status: 201,
  schemas: { body: mintJson, answer: authenticationJson },
  secret: true,
  errors: ['membership_not_found', 'user_not_found', 'membership_not_active', 'minting_disabled'],
})

/** `POST /user_management/authenticate` */
export const authenticate = operation({
  id: 'authenticate',
  method: 'POST',
  path: '/user_management/authenticate',
  summary: 'Trade a refresh token for new tokens, of another organization if one is named',
  tag,
  scope: 'write',
  status: 200,
  schemas: { body: authenticateJson, answer: authenticationJson },
  secret: true,
  errors: ['grant_invalid'],
})

/** `GET /user_management/users/{user_id}/sessions` */
export const listSessions = operation({
  id: 'listSessions',
  method: 'GET',
  path: '/user_management/users/{user_id}/sessions',
  summary: 'List the sessions of a user',
  tag,
  scope: 'read',
  status: 200,
  schemas: { params: z.object({ user_id: userId }), query: listQuery, answer: listOf(sessionJson) },
  errors: ['user_not_found'],
})

/** `POST /user_management/sessions/revoke` */
export const revokeSession = operation({
  id: 'revokeSession',
  method: 'POST',
  path: '/user_management/sessions/revoke',
  summary: 'End a session: it cannot be refreshed any more',
  tag,
  scope: 'write',
  status: 200,
  schemas: { body: revokeSessionJson, answer: sessionJson },
  errors: ['not_found'],
})

/** `GET /user_management/sessions/logout` */
export const logOut = operation({
  id: 'logOut',
  method: 'GET',
  path: '/user_management/sessions/logout',
  summary: 'End a session from a browser',
  tag,
  scope: 'public',
  status: 200,
  schemas: { query: logoutQuery, answer: z.object({}) },
})
