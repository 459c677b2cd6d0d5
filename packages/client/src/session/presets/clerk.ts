import { Misconfigured, shown } from '@bailiwick/core'
import { AudienceRule, readNames } from '../audience.js'
import { ownClaim, type RawClaims } from '../claim-names.js'
import { malformed, untrusted } from '../refusals.js'
import type { SessionOptions, SessionTuning } from '../session-options.js'

export interface ClerkOptions extends SessionTuning {
  /** The Frontend API address of your instance, `iss` of its tokens: `https://clerk.acme.example`. */
  readonly issuer: string
  /** The origins that may obtain tokens, `azp` of each: `https://app.acme.example`. */
  readonly authorizedParties: readonly string[]
}

/**
 * Sessions of Clerk, versions 1 and 2 of its claims. Roles and permissions keep Clerk's spelling: `org:admin`,
 * `org:invoices:create`. Tokens of Clerk's JWT templates are refused: they are made for other services, which could
 * otherwise bring them here.
 *
 * @throws {Misconfigured} when the issuer is no address, or no party is named.
 * @see https://clerk.com/docs/guides/sessions/session-tokens
 */
export function clerk(options: ClerkOptions): SessionOptions {
  const { issuer, authorizedParties, ...rest } = options
  readNames('authorizedParties', authorizedParties, 'the origins of your front end')
  if (!URL.canParse(issuer)) throw new Misconfigured(`\`issuer\` must be an address, not ${shown(issuer)}`)
  return {
    algorithms: ['RS256'],
    ...rest,
    issuer,
    audience: AudienceRule.required('azp', authorizedParties),
    jwksUrl: `${issuer}/.well-known/jwks.json`,
    claims: readClerkClaims,
  }
}

function readClerkClaims(claims: Readonly<Record<string, unknown>>): RawClaims {
  const sessionId = ownClaim(claims, 'sid')
  if (sessionId === undefined) throw untrusted('the token is none of a Clerk session: it has no `sid`')
  // Signed in, but with a task left to do, such as choosing an organization: Clerk counts that as signed out.
  if (ownClaim(claims, 'sts') === 'pending') throw untrusted('the Clerk session is pending')
  if (ownClaim(claims, 'v') === 2) return { sessionId, ...readVersion2(claims) }
  return {
    sessionId,
    organizationId: ownClaim(claims, 'org_id'),
    role: ownClaim(claims, 'org_role'),
    permissions: ownClaim(claims, 'org_permissions'),
  }
}

function readVersion2(claims: Readonly<Record<string, unknown>>): RawClaims {
  const organization = ownClaim(claims, 'o')
  if (organization === undefined) return {}
  if (typeof organization !== 'object' || organization === null) throw malformed('`o` must be an object')
  const { id, rol, per, fpm } = organization as Readonly<Record<string, unknown>>
  const role = readText('o.rol', rol)
  const features = listOf('fea', ownClaim(claims, 'fea')).filter(isOfOrganization)
  return {
    organizationId: id,
    ...(role === '' ? {} : { role: `org:${role}` }),
    permissions: decodePermissions(features.map(withoutScope), listOf('o.per', per), listOf('o.fpm', fpm)),
  }
}

/**
 * Version 2 packs permissions: `fpm` has one number for each feature of the organization, whose lowest bit stands
 * for the first permission of `per`. `fea: 'o:invoices,o:teams'`, `per: 'create,read'`, `fpm: '3,2'` means create
 * and read on invoices, read on teams.
 */
function decodePermissions(
  features: readonly string[],
  permissions: readonly string[],
  masks: readonly string[],
): readonly string[] {
  if (masks.length > features.length) throw malformed('`o.fpm` has more numbers than `fea` has features')
  return masks.flatMap((mask, at) => {
    // BigInt, because a bit mask in a number goes wrong at the 32nd permission.
    const bits = /^\d{1,400}$/.test(mask) ? BigInt(mask) : undefined
    if (bits === undefined || bits >> BigInt(permissions.length) !== 0n) {
      throw malformed('`o.fpm` does not fit `o.per`')
    }
    return permissions
      .filter((_, bit) => (bits >> BigInt(bit)) % 2n === 1n)
      .map((permission) => `org:${features[at]}:${permission}`)
  })
}

/** `o:` is a feature of the organization, `u:` one of the user, `uo:` both. */
function isOfOrganization(feature: string): boolean {
  return feature.slice(0, feature.indexOf(':')).includes('o')
}

function withoutScope(feature: string): string {
  return feature.slice(feature.indexOf(':') + 1)
}

function listOf(name: string, value: unknown): readonly string[] {
  const text = readText(name, value)
  return text === '' ? [] : text.split(',').map((part) => part.trim())
}

function readText(name: string, value: unknown): string {
  if (value === undefined) return ''
  if (typeof value !== 'string') throw malformed(`\`${name}\` must be a string`)
  return value
}
