import {
  InputInvalid,
  isWellFormed,
  limits,
  mergeMetadata,
  parseExternalId,
  parseMetadata,
  parseName,
  type Timestamp,
  type User,
  type UserFields,
  type UserId,
} from '@bailiwick/core'

/** What a user is without the fields that only we write. */
type Profile = Omit<User, 'id' | 'lastSignInAt' | 'createdAt' | 'updatedAt'>

/** Nobody knows anything of her yet. */
export function stubOf(id: UserId, at: Timestamp): User {
  return { id, ...noProfile, lastSignInAt: null, createdAt: at, updatedAt: at }
}

const noProfile: Profile = {
  email: null,
  emailVerified: false,
  firstName: null,
  lastName: null,
  externalId: null,
  profilePictureUrl: null,
  locale: null,
  metadata: {},
}

/**
 * What given fields make of a profile. Parsed at once, so that a mistake is told before anything is read.
 *
 * @throws {InputInvalid} naming the field and its limit.
 */
export function profileChange(fields: UserFields): (before: Profile) => Profile {
  const { emailVerified, metadata } = fields
  if (emailVerified !== undefined && typeof emailVerified !== 'boolean')
    throw new InputInvalid('emailVerified', 'must be true or false', emailVerified)
  const changes = parseMetadata(metadata ?? {})
  const texts = {
    ...given('email', fields.email, parseEmail),
    ...given('firstName', emptyAsNull(fields.firstName), parseName),
    ...given('lastName', emptyAsNull(fields.lastName), parseName),
    ...given('externalId', fields.externalId, parseExternalId),
    ...given('profilePictureUrl', fields.profilePictureUrl, textOf(limits.urlLength)),
    ...given('locale', fields.locale, textOf(limits.localeLength)),
  }
  return (before) => {
    const { email } = { ...before, ...texts }
    // Another address is another proof.
    const verified = emailVerified ?? (email === before.email && before.emailVerified)
    return {
      ...before,
      ...texts,
      emailVerified: email !== null && verified,
      metadata: mergeMetadata(before.metadata, changes),
    }
  }
}

function given<Field extends keyof UserFields>(
  field: Field,
  value: string | null | undefined,
  parse: (value: string, field: string) => string,
): { readonly [Name in Field]?: string | null } {
  if (value === undefined) return {}
  const parsed = value === null ? null : parse(value, field)
  return { [field]: parsed } as { readonly [Name in Field]: string | null }
}

function emptyAsNull(value: string | null | undefined): string | null | undefined {
  return value === '' ? null : value
}

const address = /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u

function parseEmail(value: string, field: string): string {
  const text = textOf(limits.emailLength)(value, field)
  if (!address.test(text)) throw new InputInvalid(field, 'must be an email address', value)
  return text
}

function textOf(most: number): (value: string, field: string) => string {
  return (value, field) => {
    if (typeof value !== 'string' || value.length === 0 || value.length > most || !isWellFormed(value))
      throw new InputInvalid(field, `must be text of 1 to ${most} characters`, value)
    return value
  }
}
