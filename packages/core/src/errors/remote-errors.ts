import { AuthorizationError } from './authorization-error.js'

/** Why an engine at the other end of a wire has said nothing that can be used. */
export type RemoteErrorCode =
  /** There is no connection, or it broke before the whole answer was there. */
  | 'remote_unreachable'
  /** It answered too late. Only for what is no decision: those end with `decision_timeout`. */
  | 'remote_timeout'
  /** It, or the queue before it, has more to do than it can. */
  | 'remote_overloaded'
  /** It failed so often in the last seconds that it is left alone for one. */
  | 'remote_circuit_open'
  /** What came is no answer to the request: a page of a proxy, a redirect, half a batch, another's answer. */
  | 'remote_answer_invalid'

/** A remote engine has not answered. A check is not decided, never an allow; a write may have happened. */
export class RemoteUnavailable extends AuthorizationError<RemoteErrorCode> {
  override readonly name = 'RemoteUnavailable'
  override readonly kind = 'unavailable'
  /** When to try again, where that is known. */
  readonly retryAfterSec: number | undefined

  constructor(
    code: RemoteErrorCode,
    message: string,
    options?: { readonly cause?: unknown; readonly retryAfterSec?: number | undefined },
  ) {
    super(code, message, options)
    this.retryAfterSec = options?.retryAfterSec
  }
}

/** The API key is none that the service knows, or may not do this. The message never contains it. */
export class RemoteKeyRefused extends AuthorizationError<'remote_key_refused'> {
  override readonly name = 'RemoteKeyRefused'
  override readonly kind = 'misconfigured'

  constructor(readonly status: 401 | 403) {
    super(
      'remote_key_refused',
      status === 401
        ? 'the service does not accept the API key: pass one that is live as `apiKey`'
        : 'the API key may not do this: pass one with more scopes as `apiKey`',
    )
  }
}

/** The service that answers has no such thing: WorkOS's own API knows less than ours. */
export class CapabilityMissing extends AuthorizationError<'capability_missing'> {
  override readonly name = 'CapabilityMissing'
  override readonly kind = 'misconfigured'

  constructor(
    /** What is missing, as `capabilities` names it. */
    readonly capability: string,
    /** What was asked for: a method of the engine, or a part of its question. */
    readonly what: string,
  ) {
    super(
      'capability_missing',
      `${what} needs \`${capability}\`, which the service behind this engine does not offer`,
    )
  }
}
