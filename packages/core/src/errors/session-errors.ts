import { AuthorizationError } from './authorization-error.js'

/** Why a token is no session. All of them are 401 at an HTTP edge. */
export type SessionErrorCode =
  /** No token came with the request. */
  | 'session_missing'
  /** The request itself is ambiguous: two tokens, or an `Authorization` header that is not `Bearer <token>`. */
  | 'session_ambiguous'
  /** Not a compact JWS with claims of the right shape. */
  | 'session_malformed'
  /** Signature, key, algorithm, issuer, audience or type is not one that we trust. */
  | 'session_untrusted'
  /** Past `exp`, or before `nbf` or `iat`. */
  | 'session_expired'
  /** The token acts for somebody (`act`), and the application has not opted in to agents, or not to such a party. */
  | 'session_agent_refused'

/** A token that yields no session. The message never contains the token. */
export class SessionInvalid extends AuthorizationError<SessionErrorCode> {
  override readonly name = 'SessionInvalid'
  override readonly kind = 'unauthenticated'
}

/** The issuer's keys could not be had, so that nothing can be said about the token. 503 at an HTTP edge. */
export class KeysUnavailable extends AuthorizationError<'keys_unavailable'> {
  override readonly name = 'KeysUnavailable'
  override readonly kind = 'unavailable'

  constructor(
    message: string,
    readonly retryAfterSec: number,
    options?: { readonly cause?: unknown },
  ) {
    super('keys_unavailable', message, options)
  }
}
