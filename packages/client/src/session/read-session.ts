import { InputInvalid, parseMembershipId, parseOrganizationId, type Session, shown } from '@bailiwick/core'
import { ownClaim } from './claim-names.js'
import { readParties } from './read-parties.js'
import { expired, malformed, untrusted } from './refusals.js'
import type { SessionSettings } from './session-settings.js'
import { requireAccessTokenClaims } from './token-kind.js'

const mostSlugs = 1_000
const longestSlug = 128
const longestSessionId = 256

/**
 * Turn claims whose signature has been verified into a session, or refuse them. Nothing is converted: a claim has
 * its one shape or the token is refused, so that `permissions: 'project:edit'` never becomes a list of letters.
 *
 * @throws {SessionInvalid} `session_malformed`, `session_expired`, `session_untrusted` or `session_agent_refused`.
 */
export function readSession(claims: Readonly<Record<string, unknown>>, settings: SessionSettings): Session {
  const { issuedAt, expiresAt } = readTimes(claims, settings)
  const issuer = ownClaim(claims, 'iss')
  if (typeof issuer !== 'string' || !settings.issuers.has(issuer)) {
    throw untrusted(
      `the issuer ${shown(issuer)} is not the one in \`session.issuer\`: both must be the same to the last slash`,
    )
  }
  settings.audience.require(claims)
  requireAccessTokenClaims(claims)
  const { userId, actors } = readParties(claims, settings)
  const raw = settings.readClaims(claims)
  return Object.freeze({
    userId,
    organizationId: optional('organization id', raw.organizationId, parseOrganizationId),
    membershipId: optional('membership id', raw.membershipId, parseMembershipId),
    actors: Object.freeze(actors),
    roles: Object.freeze(sorted([...readOne('role', raw.role), ...readMany('roles', raw.roles)])),
    permissions: Object.freeze(sorted(readMany('permissions', raw.permissions))),
    sessionId: optional('session id', raw.sessionId, parseSessionId),
    issuedAt,
    expiresAt,
    claims: deepFreeze(claims),
  })
}

function readTimes(
  claims: Readonly<Record<string, unknown>>,
  { clock, clockToleranceSec, maxLifetimeSec }: SessionSettings,
): { readonly issuedAt: number; readonly expiresAt: number } {
  const issuedAt = readTime('iat', ownClaim(claims, 'iat'))
  const expiresAt = readTime('exp', ownClaim(claims, 'exp'))
  const notBefore =
    ownClaim(claims, 'nbf') === undefined ? issuedAt : readTime('nbf', ownClaim(claims, 'nbf'))
  // Milliseconds by mistake would make a token that lives for 50 000 years; this bound is what notices.
  if (expiresAt - issuedAt > maxLifetimeSec) {
    throw untrusted(`the token lives longer than the ${maxLifetimeSec} s of \`session.maxLifetimeSec\``)
  }
  const now = clock() / 1_000
  if (!(now < expiresAt + clockToleranceSec)) {
    throw expired(`the token expired ${Math.floor(now - expiresAt)} s ago: refresh the session`)
  }
  const validFrom = Math.max(notBefore, issuedAt)
  if (!(validFrom <= now + clockToleranceSec)) {
    throw expired(`the token is not valid for another ${Math.ceil(validFrom - now)} s: compare the clocks`)
  }
  return { issuedAt, expiresAt }
}

function readTime(name: string, value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw malformed(`\`${name}\` must be whole seconds since 1970, not ${shown(value)}`)
  }
  return value as number
}

/** Issuers write a claim that has no value as nothing, as `null`, or (a token template) as an empty string. */
function optional<Value>(
  name: string,
  value: unknown,
  parse: (value: unknown, field: string) => Value,
): Value | undefined {
  return value === undefined || value === null || value === '' ? undefined : parsed(name, value, parse)
}

function parsed<Claim, Value>(
  name: string,
  value: Claim,
  parse: (value: Claim, field: string) => Value,
): Value {
  try {
    return parse(value, name)
  } catch (error) {
    if (error instanceof InputInvalid) throw malformed(`a claim does not fit: ${error.message}`)
    throw error
  }
}

function parseSessionId(value: unknown, field: string): string {
  if (typeof value !== 'string' || value.length > longestSessionId) {
    throw new InputInvalid(field, `must be a string of at most ${longestSessionId} characters`, value)
  }
  return value
}

function readOne(name: string, value: unknown): readonly string[] {
  const slug = optional(name, value, parseClaimedSlug)
  return slug === undefined ? [] : [slug]
}

function readMany(name: string, value: unknown): readonly string[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value) || value.length > mostSlugs) {
    throw malformed(`\`${name}\` must be a list of at most ${mostSlugs} slugs, not ${shown(value)}`)
  }
  return parsed(`${name}[]`, value, parseClaimedSlugs)
}

function parseClaimedSlugs(values: readonly unknown[], field: string): readonly string[] {
  for (const value of values) parseClaimedSlug(value, field)
  return values as readonly string[]
}

/** An issuer may know more slugs than the model, in spellings of its own; those match nothing. */
function parseClaimedSlug(value: unknown, field: string): string {
  if (typeof value !== 'string' || value === '' || value.length > longestSlug) {
    throw new InputInvalid(field, `must be a string of 1 to ${longestSlug} characters`, value)
  }
  return value
}

function sorted(slugs: readonly string[]): readonly string[] {
  return [...slugs].sort().filter((slug, n, all) => slug !== all[n - 1])
}

/** Sessions are shared by every request that brings the same token: nobody may write into them. */
function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const member of Object.values(value)) deepFreeze(member)
  }
  return value
}
