import { randomUUID } from 'node:crypto'
import { type JwtTemplateContext, renderJwtTemplate } from '@bailiwick/core'

type Fields = Readonly<Record<string, unknown>>

/** Whom a token is for, and what it says. */
export interface TokenRequest {
  /** `sub`, or the fields that the template reads, of which `id` is the `sub`. */
  readonly user: string | Identified
  /** `org_…`, or the fields that the template reads. Without one the token has no organization claims. */
  readonly organization?: string | Identified
  /** `om_…`, or the fields that the template reads. */
  readonly membership?: string | Identified
  /** One organization-level role. Default: the first of `roles`. */
  readonly role?: string
  /** Default: `role` alone. */
  readonly roles?: readonly string[]
  /** Organization-wide permissions. Default none. */
  readonly permissions?: readonly string[]
  /** Who acts for the user, by external id, the one acting now first (claim `act`). Default: nobody. */
  readonly actors?: readonly string[]
  /** `sid`. Default: a new login. */
  readonly sessionId?: string
  /** From now to `exp`. Default 300; negative for a token that has expired. */
  readonly expiresInSec?: number
  /** Said last, so that they win; `undefined` takes a claim away. */
  readonly claims?: Fields
}

/**
 * The claims of a token, in the order in which they win: those of the session, those of the template, and those of
 * the request.
 *
 * @param nowSec - Unix seconds.
 * @throws {JwtTemplateInvalid} when the template cannot be rendered for this person.
 */
export function claimsOf(
  request: TokenRequest,
  issued: {
    readonly issuer: string
    readonly audience: string
    readonly template: string
    readonly nowSec: number
  },
): Fields {
  const context = contextOf(request)
  return {
    iss: issued.issuer,
    aud: issued.audience,
    sub: context.user.id,
    sid: request.sessionId ?? `session_${randomUUID()}`,
    jti: randomUUID(),
    iat: issued.nowSec,
    exp: issued.nowSec + (request.expiresInSec ?? 300),
    ...actorClaims(request.actors ?? []),
    ...organizationClaims(request, context.organization?.id),
    ...renderJwtTemplate(issued.template, context),
    ...request.claims,
  }
}

/** @see RFC 8693 section 4.1 */
function actorClaims([nearest, ...earlier]: readonly string[]): Fields {
  return nearest === undefined ? {} : { act: { sub: nearest, ...actorClaims(earlier) } }
}

function organizationClaims(request: TokenRequest, organizationId: string | undefined): Fields {
  if (organizationId === undefined) return {}
  const roles = rolesOf(request)
  return {
    org_id: organizationId,
    ...(roles.length === 0 ? {} : { role: request.role ?? roles[0], roles }),
    permissions: request.permissions ?? [],
  }
}

function rolesOf({ role, roles }: TokenRequest): readonly string[] {
  return roles ?? (role === undefined ? [] : [role])
}

type Identified = Fields & { readonly id: string }

interface Context extends JwtTemplateContext {
  readonly user: Identified
  readonly organization: Identified | null
  readonly organization_membership: Identified | null
}

/** The shapes in which WorkOS hands people and organizations to a template, with what the test says laid over. */
function contextOf(request: TokenRequest): Context {
  const organization = request.organization === undefined ? null : identified(request.organization)
  const membership = request.membership === undefined ? null : identified(request.membership)
  const user = identified(request.user)
  const roles = rolesOf(request)
  return {
    user: {
      object: 'user',
      email: `${user.id}@example.test`,
      email_verified: true,
      first_name: null,
      last_name: null,
      profile_picture_url: null,
      external_id: null,
      locale: null,
      metadata: {},
      identities: {},
      ...user,
    },
    organization: organization && {
      object: 'organization',
      name: organization.id,
      domains: [],
      external_id: null,
      metadata: {},
      ...organization,
    },
    organization_membership: membership && {
      object: 'organization_membership',
      role: request.role ?? roles[0] ?? null,
      roles,
      custom_attributes: {},
      ...membership,
    },
  }
}

function identified(value: string | Identified): Identified {
  return typeof value === 'string' ? { id: value } : value
}
