/**
 * The base of every error that Bailiwick throws on purpose.
 *
 * `code` is stable and documented (docs/errors.md); the message is for people and may change. `kind` says what
 * a caller can do about it, and is what an HTTP edge turns into a status.
 */
export abstract class AuthorizationError<Code extends string = string> extends Error {
  abstract readonly kind: ErrorKind
  readonly code: Code

  constructor(code: Code, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

/**
 * - `invalid`: the input is wrong; correct it.
 * - `not_found`: something named does not exist (here).
 * - `conflict`: the input is fine, but what exists stands in the way.
 * - `unauthenticated`: no valid session.
 * - `denied`: a valid session that may not.
 * - `unavailable`: could not be decided or stored now; try again.
 * - `misconfigured`: the application's own set-up is wrong; the message says what to change.
 */
export type ErrorKind =
  | 'invalid'
  | 'not_found'
  | 'conflict'
  | 'unauthenticated'
  | 'denied'
  | 'unavailable'
  | 'misconfigured'

const family = Symbol.for('bailiwick/error')

Object.defineProperty(AuthorizationError.prototype, family, { value: true })

/** Whether a value is an error of ours, also when it comes from another copy of this package. */
export function isAuthorizationError(value: unknown): value is AuthorizationError {
  return typeof value === 'object' && value !== null && family in value
}
