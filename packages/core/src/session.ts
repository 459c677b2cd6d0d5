import type { MembershipId, OrganizationId } from './ids.js'

/**
 * The verified claims of a token. Whoever holds a session holds claims whose signature, issuer, audience, time
 * and shape have been checked.
 */
export interface Session {
  /** `sub`: the user, also where somebody acts for her. */
  readonly userId: string
  /** Absent while no organization is selected: then every question about one is denied. */
  readonly organizationId: OrganizationId | undefined
  /** Absent when the token carries no such claim; the engine then finds the membership by user and organization. */
  readonly membershipId: MembershipId | undefined
  /**
   * Who acts for the user, the party acting now first (`act`); empty when the user acts. Wherever there is one, the
   * user's own roles and permissions are not what decides: each of these must be allowed as well.
   */
  readonly actors: readonly string[]
  /** Organization-level role slugs, sorted. */
  readonly roles: readonly string[]
  /** Organization-wide permission slugs, sorted, often empty. They hold on every resource of the organization. */
  readonly permissions: readonly string[]
  /** `sid`: the login this token belongs to. */
  readonly sessionId: string | undefined
  /** Unix seconds. A revoked role may live on in a token until then. */
  readonly issuedAt: number
  readonly expiresAt: number
  /** All claims as verified, frozen. */
  readonly claims: Readonly<Record<string, unknown>>
}
