import { z } from 'zod'
import { membershipId, organizationId, userId } from '../ids.js'
import { timestamp } from '../primitives.js'
import { userJson } from './users.js'

/** One login of one user, as it is answered. */
export const sessionJson = z
  .object({
    object: z.literal('session'),
    id: z.string(),
    user_id: z.string(),
    organization_id: organizationId.optional(),
    ip_address: z.string().nullable(),
    user_agent: z.string().nullable(),
    auth_method: z.string(),
    status: z.enum(['active', 'expired', 'revoked']),
    expires_at: timestamp,
    ended_at: timestamp.nullable(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Session' })

export type SessionJson = z.output<typeof sessionJson>

/** What somebody who signs in is given. */
export const authenticationJson = z
  .object({
    user: userJson,
    organization_id: organizationId.optional(),
    access_token: z.string(),
    refresh_token: z.string(),
    authentication_method: z.string(),
  })
  .meta({ id: 'Authentication' })

export type AuthenticationJson = z.output<typeof authenticationJson>

const clientId = z
  .string()
  .max(128)
  .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')

const features = z.array(z.string().min(1).max(100)).max(100).optional()

/** For whom a session is made without a sign-in: a membership, or a user with no organization selected. */
export const mintJson = z
  .object({
    organization_membership_id: membershipId.optional(),
    user_id: userId.optional(),
    client_id: clientId.optional(),
    entitlements: features,
    feature_flags: features,
  })
  .refine(
    ({ organization_membership_id: membership, user_id: user }) =>
      (membership === undefined) !== (user === undefined),
    {
      path: ['organization_membership_id'],
      error: 'must be given, or `user_id` in its place',
    },
  )

export type MintJson = z.output<typeof mintJson>

/** Ask for new tokens. Of the grants of WorkOS, the one that needs no sign-in page. */
export const authenticateJson = z.object({
  grant_type: z.literal('refresh_token'),
  client_id: clientId,
  client_secret: z.string().max(512).optional(),
  refresh_token: z.string().max(512),
  organization_id: organizationId.optional(),
})

/** End a session. */
export const revokeSessionJson = z.object({ session_id: z.string().min(1).max(128) })

/** End a session by leading a browser there. */
export const logoutQuery = z.object({
  session_id: z.string().min(1).max(128),
  return_to: z.string().max(2_048).optional(),
})

/** The public halves of the keys that sign. */
export const keySetJson = z.object({
  keys: z.array(
    z.object({
      kty: z.string(),
      n: z.string(),
      e: z.string(),
      kid: z.string(),
      alg: z.literal('RS256'),
      use: z.literal('sig'),
    }),
  ),
})

/** The path of the keys. */
export const keySetParams = z.object({ client_id: clientId })
