import { limits, type NewUser, type User, type UserFields } from '@bailiwick/core'
import { z } from 'zod'
import { externalId, userId } from '../ids.js'
import { longName, timestamp } from '../primitives.js'
import { metadataChanges, metadataJson } from './metadata.js'

/** A user, as she is answered. A stub, of whom nothing but the id is known, has an empty `email`. */
export const userJson = z
  .object({
    object: z.literal('user'),
    id: z.string(),
    email: z.string(),
    email_verified: z.boolean(),
    /** First and last name together. */
    name: z.string().nullable().optional(),
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    profile_picture_url: z.string().nullable(),
    last_sign_in_at: timestamp.nullable(),
    locale: z.string().nullable(),
    external_id: z.string().nullable(),
    metadata: metadataJson,
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'User' })

export type UserJson = z.output<typeof userJson>

const email = z
  .string()
  .max(limits.emailLength)
  .regex(/^[^\s@]+@[^\s@]+$/, 'must be an address, such as `ada@acme.example`')
const personName = longName.nullable().optional()

const fields = {
  email_verified: z.boolean().optional(),
  first_name: personName,
  last_name: personName,
  external_id: externalId.nullable().optional(),
  metadata: metadataChanges.optional(),
  locale: z.string().min(1).max(limits.slugLength).nullable().optional(),
  profile_picture_url: z
    .url({ protocol: /^https?$/ })
    .max(2_048)
    .nullable()
    .optional(),
}

/** A user to be made. `id` is ours: one that the identity provider has given already. */
export const newUserJson = z.object({ email, id: userId.optional(), ...fields })

/** What changes of a user. */
export const userChangesJson = z.object({ email: email.optional(), ...fields })

export function renderUser(user: User): UserJson {
  return {
    object: 'user',
    id: user.id,
    email: user.email ?? '',
    email_verified: user.emailVerified,
    name: fullName(user),
    first_name: user.firstName,
    last_name: user.lastName,
    profile_picture_url: user.profilePictureUrl,
    last_sign_in_at: user.lastSignInAt,
    locale: user.locale,
    external_id: user.externalId,
    metadata: { ...user.metadata },
    created_at: user.createdAt,
    updated_at: user.updatedAt,
  }
}

export function parseNewUser(json: z.output<typeof newUserJson>): NewUser {
  return { ...parseUserChanges(json), ...(json.id === undefined ? {} : { id: json.id }) }
}

export function parseUserChanges(json: z.output<typeof userChangesJson>): UserFields {
  const changes = {
    email: json.email,
    emailVerified: json.email_verified,
    firstName: json.first_name,
    lastName: json.last_name,
    externalId: json.external_id,
    profilePictureUrl: json.profile_picture_url,
    locale: json.locale,
    metadata: json.metadata,
  }
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
}

function fullName({ firstName, lastName }: User): string | null {
  const names = [firstName, lastName].filter((name) => name !== null)
  return names.length === 0 ? null : names.join(' ')
}
