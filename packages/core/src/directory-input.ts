import type { OrganizationDomain } from './entities.js'
import type { UserId } from './ids.js'

export interface OrganizationChanges {
  readonly name?: string
  /** `null` takes it away. */
  readonly externalId?: string | null
  /** All of them, in place of those before. */
  readonly domains?: readonly OrganizationDomain[]
  /** Merged into what is there; an empty or `null` value takes its key away. */
  readonly metadata?: Readonly<Record<string, string | null>>
}

export interface UserFields {
  readonly email?: string | null
  readonly emailVerified?: boolean
  readonly firstName?: string | null
  readonly lastName?: string | null
  readonly externalId?: string | null
  readonly profilePictureUrl?: string | null
  readonly locale?: string | null
  /** Merged into what is there; an empty or `null` value takes its key away. */
  readonly metadata?: Readonly<Record<string, string | null>>
}

export interface NewUser extends UserFields {
  /** An id that the identity provider has given already; `user_…` is made otherwise. */
  readonly id?: UserId
}
