import { SessionInvalid } from '@bailiwick/core'
import { headerValues } from './request-view.js'

/** Where a request carries its session token, besides the `Authorization` header. */
export interface TokenOptions {
  /**
   * A cookie that may hold the token. A browser sends it with requests that other sites start, too: pair it
   * with `SameSite` and the application's own defence against forged requests. Default: no cookie is read.
   */
  readonly cookie?: string
}

/**
 * Find the session token of a request: `Authorization: Bearer <token>`, or the configured cookie. Tokens in
 * the query or in a form are ignored, since they end up in logs.
 *
 * @returns `undefined` when the request carries none.
 * @throws {SessionInvalid} `session_ambiguous` for two `Authorization` headers, another scheme or spacing than
 *   `Bearer <token>`, or a header and a cookie that do not hold the same token.
 * @see RFC 6750 section 2.1
 */
export function tokenOf(rawHeaders: readonly string[], options: TokenOptions = {}): string | undefined {
  const fromHeader = bearerToken(rawHeaders)
  if (options.cookie === undefined) return fromHeader
  const fromCookie = onlyCookie(rawHeaders, options.cookie)
  if (fromHeader !== undefined && fromCookie !== undefined && fromHeader !== fromCookie) {
    throw new SessionInvalid(
      'session_ambiguous',
      `the \`Authorization\` header and the cookie \`${options.cookie}\` hold different tokens`,
    )
  }
  return fromHeader ?? fromCookie
}

// The scheme in any case, exactly one space, then the characters that RFC 6750 allows in a token: `Bearer
// Bearer x`, a tab and a trailing space all stop here.
const bearer = /^bearer ([\w.~+/-]+=*)$/i

function bearerToken(rawHeaders: readonly string[]): string | undefined {
  const values = headerValues(rawHeaders, 'authorization')
  if (values.length === 0) return undefined
  if (values.length > 1) {
    throw new SessionInvalid('session_ambiguous', 'the request has more than one `Authorization` header')
  }
  const token = bearer.exec(values[0] as string)?.[1]
  if (token === undefined) {
    throw new SessionInvalid('session_ambiguous', 'the `Authorization` header is not `Bearer <token>`')
  }
  return token
}

/**
 * The value of a cookie, as it was sent; `undefined` where there is none.
 *
 * @throws {SessionInvalid} `session_ambiguous` for two that differ.
 */
export function onlyCookie(rawHeaders: readonly string[], name: string): string | undefined {
  const values = new Set<string>()
  for (const header of headerValues(rawHeaders, 'cookie')) {
    for (const pair of header.split(';')) {
      const equals = pair.indexOf('=')
      if (equals === -1 || pair.slice(0, equals).trim() !== name) continue
      const value = pair.slice(equals + 1).trim()
      if (value !== '') values.add(value)
    }
  }
  if (values.size > 1) {
    throw new SessionInvalid('session_ambiguous', `the request has two different cookies \`${name}\``)
  }
  const [value] = values
  return value
}
