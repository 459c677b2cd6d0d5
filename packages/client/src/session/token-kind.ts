import { shown } from '@bailiwick/core'
import { untrusted } from './refusals.js'

/**
 * Refuse a token whose `typ` header is of another kind. One issuer signs access, ID and logout tokens with the
 * same keys, and one kind must not do another's work.
 *
 * @param types - In lower case; `null` is a token without the header.
 * @see RFC 8725 section 3.11, RFC 9068 section 4
 */
export function requireAccessTokenType(type: unknown, types: ReadonlySet<string | null>): void {
  const named = typeof type === 'string' ? type.toLowerCase().replace(/^application\//, '') : type
  const known = named === undefined ? types.has(null) : typeof named === 'string' && types.has(named)
  if (!known) throw untrusted(`a token of type ${shown(type)} is not an access token`)
}

/**
 * Refuse what betrays another kind of token by its claims, because many issuers put `JWT` into every header.
 *
 * @see OpenID Connect Core section 3.1.3.6 (`at_hash`), Back-Channel Logout section 2.4 (`events`)
 */
export function requireAccessTokenClaims(claims: Readonly<Record<string, unknown>>): void {
  for (const claim of ['at_hash', 'c_hash', 'events']) {
    if (Object.hasOwn(claims, claim)) throw untrusted(`a token with \`${claim}\` is not an access token`)
  }
  // Cognito and Keycloak say the kind of a token in a claim of their own.
  if (claims.token_use !== undefined && claims.token_use !== 'access') {
    throw untrusted(`a token with \`token_use\` ${shown(claims.token_use)} is not an access token`)
  }
  if (claims.typ !== undefined && claims.typ !== 'Bearer') {
    throw untrusted(`a token with the claim \`typ\` ${shown(claims.typ)} is not an access token`)
  }
}
