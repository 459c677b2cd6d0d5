import { shown } from '@bailiwick/core'
import { parseJsonObject } from './parse-json-object.js'
import { malformed, untrusted } from './refusals.js'
import { requireAccessTokenType } from './token-kind.js'

/** The longest token that is looked at. */
export const maxTokenBytes = 16_384

/** What the header of a token says about its signature: nothing that is not checked against our own settings. */
export interface TokenHeader {
  readonly algorithm: string
  readonly kid: string
}

const compactJws = /^[\w-]+\.[\w-]+\.[\w-]+$/

// Each of these lets a token choose its own key or the rules of its own verification.
const steering = ['crit', 'b64', 'jwk', 'jku', 'x5u', 'x5c'] as const

/**
 * Read the header of a compact JWS, before any key is touched.
 *
 * @param rules.algorithms - The allow-list; the header only picks from it.
 * @param rules.types - Accepted `typ`, in lower case; `null` is a token without one.
 * @throws {SessionInvalid} `session_malformed` or `session_untrusted`.
 * @see RFC 8725 section 3
 */
export function parseToken(
  token: string,
  rules: { readonly algorithms: ReadonlySet<string>; readonly types: ReadonlySet<string | null> },
): TokenHeader {
  if (token.length > maxTokenBytes) throw malformed(`the token is longer than ${maxTokenBytes} bytes`)
  if (!compactJws.test(token))
    throw malformed('the token is not three base64url parts with a dot between them')
  const parts = token.split('.') as [string, string, string]
  for (const part of parts) requireCanonical(part)
  const header = parseJsonObject(Buffer.from(parts[0], 'base64url'), 'header')

  const { alg, kid } = header
  if (typeof alg !== 'string' || !rules.algorithms.has(alg)) {
    throw untrusted(`the algorithm ${shown(alg)} is not one of ${[...rules.algorithms].join(', ')}`)
  }
  requireAccessTokenType(header.typ, rules.types)
  for (const name of steering) {
    if (Object.hasOwn(header, name)) throw untrusted(`the header member \`${name}\` is not accepted`)
  }
  if (typeof kid !== 'string' || kid === '' || kid.length > 256) {
    throw untrusted('the header does not name a key: `kid` must be a string of 1 to 256 characters')
  }
  return { algorithm: alg, kid }
}

/** What may stand last in a group of so many characters, where less than four are left: unused bits are zero. */
const lastOfGroup = ['', '', 'AQgw', 'AEIMQUYcgkosw048'] as const

/** Base64url has one spelling for each value: with a second one, a token could be told apart from itself. */
function requireCanonical(part: string): void {
  const left = part.length & 3
  if (left !== 0 && !(lastOfGroup[left] as string).includes(part.charAt(part.length - 1)))
    throw malformed('a part of the token is not canonical base64url')
}
