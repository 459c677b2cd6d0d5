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
  /** The token is good, and its login, user or membership is over. */
  | 'session_revoked'
  /** The token acts for somebody (`act`), and the application has not opted in to agents, or not to such a party. */
  | 'session_agent_refused'

/** A token that yields no session. The message never contains the token. */
export class SessionInvalid extends AuthorizationError<SessionErrorCode> {
  override readonly name = 'SessionInvalid'
  override readonly kind = 'unauthenticated'
}

/** How somebody must have signed in. @see RFC 9470 */
export interface StepUp {
  /** At most so long ago, in seconds: the claim `auth_time`. */
  readonly maxAgeSec?: number
  /** In one of these ways: the claim `acr`. */
  readonly acr?: readonly [string, ...string[]]
}

/** The session would do, had she signed in more strongly or more recently. 401 at an HTTP edge, with a challenge. */
export class StepUpRequired extends AuthorizationError<'step_up_required'> {
  override readonly name = 'StepUpRequired'
  override readonly kind = 'unauthenticated'

  constructor(
    message: string,
    readonly stepUp: StepUp,
  ) {
    super('step_up_required', message)
  }
}

/** Whether a session is over could not be told. 503 at an HTTP edge. */
export class RevocationsUnavailable extends AuthorizationError<'revocations_unavailable'> {
  override readonly name = 'RevocationsUnavailable'
  override readonly kind = 'unavailable'

  constructor(options?: { readonly cause?: unknown }) {
    super('revocations_unavailable', 'nobody could tell whether the session has been ended', options)
  }
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
