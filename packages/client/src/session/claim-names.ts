/** Where the claims that authorization reads stand in a token. Names are taken literally: no paths. */
export interface ClaimNames {
  /** Default `org_id`. */
  readonly organizationId: string
  /** Default `organization_membership_id`, a claim that the issuer's token template adds. */
  readonly membershipId: string
  /** One organization-level role slug. Default `role`. */
  readonly role: string
  /** Organization-level role slugs. Default `roles`. */
  readonly roles: string
  /** Organization-wide permission slugs. Default `permissions`. */
  readonly permissions: string
  /** Default `sid`. */
  readonly sessionId: string
}

/** The same claims, taken out of a token but not yet checked; `undefined` and `null` are absent. */
export type RawClaims = { readonly [Name in keyof ClaimNames]?: unknown }

/**
 * Takes the claims out of a token where no plain name leads to them. What it yields is checked like any other
 * claim. It may throw `SessionInvalid` for a token that it does not understand.
 */
export type ClaimReader = (claims: Readonly<Record<string, unknown>>) => RawClaims

/** What an application gets that names no claims: those of WorkOS AuthKit. */
export const defaultClaimNames: ClaimNames = {
  organizationId: 'org_id',
  membershipId: 'organization_membership_id',
  role: 'role',
  roles: 'roles',
  permissions: 'permissions',
  sessionId: 'sid',
}

/** The reader that looks under plain names. */
export function readByName(names: ClaimNames): ClaimReader {
  return (claims) => ({
    organizationId: ownClaim(claims, names.organizationId),
    membershipId: ownClaim(claims, names.membershipId),
    role: ownClaim(claims, names.role),
    roles: ownClaim(claims, names.roles),
    permissions: ownClaim(claims, names.permissions),
    sessionId: ownClaim(claims, names.sessionId),
  })
}

/** A claim of the token itself: a name such as `constructor` finds nothing that every object has. */
export function ownClaim(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined
}
