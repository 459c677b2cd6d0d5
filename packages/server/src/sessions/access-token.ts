import { randomUUID } from 'node:crypto'
import type { JwtTemplateContext, Membership, Organization, User } from '@bailiwick/core'
import { renderJwtTemplate } from '@bailiwick/core'
import { renderOrganization, renderUser } from '@bailiwick/wire'
import { SignJWT } from 'jose'
import type { OrganizationStanding } from './organization-standing.js'
import type { LoginSession } from './session-book.js'
import type { SessionSettings } from './session-settings.js'
import type { SigningKey } from './signing-keys.js'

/** For whom a token is. */
export interface TokenSubject {
  readonly session: LoginSession
  readonly user: User
  /** Where an organization is selected. */
  readonly member?: {
    readonly organization: Organization
    readonly membership: Membership
    readonly standing: OrganizationStanding
  }
}

/** What a token is made with. */
export interface TokenIssue {
  readonly settings: Pick<SessionSettings, 'issuer' | 'accessTokenSec'>
  /** The JWT template of the environment, if there is one. */
  readonly template: string | undefined
  /** Unix seconds. */
  readonly nowSec: number
}

/** Sign the claims of an access token. @throws {JwtTemplateInvalid} */
export function signAccessToken(
  subject: TokenSubject,
  issue: TokenIssue,
  { kid, key }: SigningKey,
): Promise<string> {
  return new SignJWT(accessTokenClaims(subject, issue)).setProtectedHeader({ alg: 'RS256', kid }).sign(key)
}

/**
 * The claims of an access token, as WorkOS has them; those of the template win where it may set them.
 *
 * @throws {JwtTemplateInvalid} when the template cannot be rendered for this person.
 */
export function accessTokenClaims(
  subject: TokenSubject,
  { settings, template, nowSec }: TokenIssue,
): Record<string, unknown> {
  const { session, user } = subject
  return {
    iss: `${settings.issuer().replace(/\/$/, '')}/user_management/${session.clientId}`,
    sub: user.id,
    sid: session.id,
    client_id: session.clientId,
    jti: randomUUID(),
    iat: nowSec,
    exp: nowSec + settings.accessTokenSec,
    ...organizationClaims(subject),
    ...(template === undefined ? {} : renderJwtTemplate(template, templateContext(subject))),
  }
}

function organizationClaims({ session, member }: TokenSubject): Record<string, unknown> {
  if (member === undefined) return {}
  const { roles, permissions } = member.standing
  return {
    org_id: member.organization.id,
    ...(roles.length === 0 ? {} : { role: roles[0], roles }),
    permissions,
    entitlements: session.entitlements,
    feature_flags: session.featureFlags,
  }
}

/** The shapes in which WorkOS hands people and organizations to a template. */
function templateContext({ user, member }: TokenSubject): JwtTemplateContext {
  const { last_sign_in_at: _, ...known } = renderUser(user)
  return {
    user: { ...known, identities: {} },
    organization: member === undefined ? null : renderOrganization(member.organization),
    organization_membership: member === undefined ? null : membershipContext(member),
  }
}

function membershipContext({ membership, standing }: NonNullable<TokenSubject['member']>): object {
  return {
    object: 'organization_membership',
    id: membership.id,
    role: standing.roles[0] ?? null,
    roles: standing.roles,
    custom_attributes: {},
    created_at: membership.createdAt,
    updated_at: membership.updatedAt,
  }
}
