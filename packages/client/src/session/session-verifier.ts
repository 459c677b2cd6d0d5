import type { Session } from '@bailiwick/core'

/** Turns a token into a session, or refuses it. */
export interface SessionVerifier {
  /**
   * @param token - Compact JWS, without the `Bearer ` prefix.
   * @throws {SessionInvalid} when the token yields no session.
   * @throws {KeysUnavailable} when the issuer's keys cannot be had.
   */
  verify(token: string): Promise<Session>
  /**
   * The session of a token that was verified a moment ago; `undefined` says only to verify it.
   *
   * @param authorization - The header as it arrived, with `Bearer ` before the token.
   */
  known?(authorization: string): Session | undefined
}
