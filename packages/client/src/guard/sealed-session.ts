import { SessionInvalid } from '@bailiwick/core'
import { arrivedHeaders, type WithHeaders } from './request-view.js'
import { onlyCookie } from './session-token.js'

/** What is used of WorkOS's SDK: `workos.userManagement`. */
export interface SealedSessions {
  authenticateWithSessionCookie(options: {
    readonly sessionData: string
    readonly cookiePassword?: string
  }): Promise<
    | { readonly authenticated: true; readonly accessToken: string }
    | { readonly authenticated: false; readonly reason: string }
  >
}

export interface SealedSessionOptions {
  readonly userManagement: SealedSessions
  /** The password that the cookie is sealed with. Default: what the SDK takes, `WORKOS_COOKIE_PASSWORD`. */
  readonly cookiePassword?: string
  /** Default `wos-session`. */
  readonly cookie?: string
}

/**
 * The session token of a login by WorkOS AuthKit, whose cookie is sealed: unsealed by the official SDK, and then
 * verified as any other. For `session(authz, { token })` in Express, and for `tokenOf` of a guard of your own in Nest.
 *
 * @returns A function of the request: `undefined` where there is no such cookie.
 * @throws {SessionInvalid} for a cookie that cannot be unsealed, and for one whose token has expired: the application
 *   then refreshes the session, as the SDK describes.
 *
 * @example
 * app.use(session(authz, { token: sealedSession({ userManagement: workos.userManagement, cookiePassword }) }))
 */
export function sealedSession({
  userManagement,
  cookiePassword,
  cookie = 'wos-session',
}: SealedSessionOptions): (request: WithHeaders) => Promise<string | undefined> {
  return async (request) => {
    const sealed = onlyCookie(arrivedHeaders(request), cookie)
    if (sealed === undefined) return undefined
    const unsealed = await userManagement.authenticateWithSessionCookie({
      sessionData: decoded(sealed),
      ...(cookiePassword !== undefined && { cookiePassword }),
    })
    if (unsealed.authenticated) return unsealed.accessToken
    throw unsealed.reason === 'invalid_jwt'
      ? new SessionInvalid(
          'session_expired',
          `the token in the cookie \`${cookie}\` is not valid any more: refresh it`,
        )
      : new SessionInvalid(
          'session_untrusted',
          `the cookie \`${cookie}\` cannot be unsealed: ${unsealed.reason}`,
        )
  }
}

/** What is badly encoded is no cookie of ours, and will not be unsealed. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
