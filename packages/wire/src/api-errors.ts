import { AuthorizationError, type ErrorKind } from '@bailiwick/core'

/**
 * A request that never reached the engine.
 *
 * - `request_malformed`: no JSON, not HTTP, or a header that cannot be read.
 * - `media_type_unsupported`: a body that is not `application/json` in UTF-8, or one that is compressed.
 * - `body_too_large`, `headers_too_large`: beyond the limit that the message names.
 * - `expectation_unknown`: it has an `Expect` that is not `100-continue`.
 * - `route_unknown`, `method_not_allowed`: nothing answers there.
 * - `request_timeout`: it did not arrive in time.
 * - `idempotency_key_reused`: its `Idempotency-Key` belongs to another request.
 */
export type RequestRefusal =
  | 'request_malformed'
  | 'media_type_unsupported'
  | 'body_too_large'
  | 'headers_too_large'
  | 'expectation_unknown'
  | 'route_unknown'
  | 'method_not_allowed'
  | 'request_timeout'
  | 'idempotency_key_reused'

/** A request that never reached the engine, because of its form. */
export class RequestRefused extends AuthorizationError<RequestRefusal> {
  override readonly name = 'RequestRefused'
  override readonly kind = 'invalid'
}

/**
 * The first request with an `Idempotency-Key` has not been answered, and the same one does not run again.
 *
 * - `idempotency_key_in_use`: it may still be under way.
 * - `idempotency_outcome_unknown`: it broke off, and whether it has happened nobody can say.
 */
export class FirstUnanswered extends AuthorizationError<keyof typeof unanswered> {
  override readonly name = 'FirstUnanswered'
  override readonly kind = 'conflict'

  constructor(code: keyof typeof unanswered) {
    super(code, unanswered[code])
  }
}

const unanswered = {
  idempotency_key_in_use:
    'the first request with this `Idempotency-Key` is still under way: ask again with the same key in some seconds',
  idempotency_outcome_unknown:
    'the first request with this `Idempotency-Key` broke off and may have happened: read what is there, and then use a new key',
}

/** What is wrong with one field of a request. */
export interface FieldProblem {
  /** Its name on the wire; parts of nested ones are joined by dots. */
  readonly field: string
  /** `name_required`, `limit_too_large`: the name and what is wrong. */
  readonly code: string
  readonly message: string
}

/** The fields of a request break the rules of its operation. */
export class RequestInvalid extends AuthorizationError<'request_invalid'> {
  override readonly name = 'RequestInvalid'
  override readonly kind = 'invalid'

  constructor(readonly problems: readonly FieldProblem[]) {
    super('request_invalid', problems.map(({ field, message }) => `\`${field}\` ${message}`).join('; '))
  }
}

/** A list was asked for without any of the filters of which one must be given. */
export class FilterMissing extends AuthorizationError<'filter_missing'> {
  override readonly name = 'FilterMissing'
  override readonly kind = 'invalid'

  constructor(readonly filters: readonly string[]) {
    super('filter_missing', `one of ${filters.map((field) => `\`${field}\``).join(' and ')} must be given`)
  }
}

/**
 * No key came with the request, or none that is known, alive and in time. Whoever asks the service has the key from
 * her own settings, so in her process it is they that are wrong.
 */
export class ApiKeyRefused extends AuthorizationError<'api_key_missing' | 'api_key_invalid'> {
  override readonly name = 'ApiKeyRefused'
  override readonly kind = 'misconfigured'
}

/** The key is good, but not for this operation. */
export class ApiKeyScopeMissing extends AuthorizationError<'api_key_scope_missing'> {
  override readonly name = 'ApiKeyScopeMissing'
  override readonly kind = 'misconfigured'

  constructor(readonly scope: string) {
    super('api_key_scope_missing', `the key does not have the scope \`${scope}\``)
  }
}

/** There is no such key. */
export class ApiKeyNotFound extends AuthorizationError<'api_key_not_found'> {
  override readonly name = 'ApiKeyNotFound'
  override readonly kind = 'not_found'

  constructor(readonly id: string) {
    super('api_key_not_found', `there is no key \`${id}\``)
  }
}

/** There is no such endpoint. */
export class WebhookEndpointNotFound extends AuthorizationError<'webhook_endpoint_not_found'> {
  override readonly name = 'WebhookEndpointNotFound'
  override readonly kind = 'not_found'

  constructor(readonly id: string) {
    super('webhook_endpoint_not_found', `there is no webhook endpoint \`${id}\``)
  }
}

/** A key that is revoked or expired cannot be replaced: make a new one. */
export class ApiKeyEnded extends AuthorizationError<'api_key_ended'> {
  override readonly name = 'ApiKeyEnded'
  override readonly kind = 'conflict'

  constructor(readonly id: string) {
    super('api_key_ended', `the key \`${id}\` holds no longer: create another`)
  }
}

/**
 * The service takes no more now.
 *
 * - `rate_limited`: this key asks more often than it may.
 * - `overloaded`: the service has more to do than it can.
 * - `shutting_down`: it is about to stop.
 */
export class TryLater extends AuthorizationError<'rate_limited' | 'overloaded' | 'shutting_down'> {
  override readonly name = 'TryLater'
  override readonly kind = 'unavailable'

  constructor(
    code: 'rate_limited' | 'overloaded' | 'shutting_down',
    readonly retryAfterSec: number,
  ) {
    super(code, `${sentences[code]}; try again in ${retryAfterSec} s`)
  }
}

const sentences = {
  rate_limited: 'the key has asked more often than it may',
  overloaded: 'the service has too much to do',
  shutting_down: 'the service is about to stop',
}

type ServiceErrorCode = keyof typeof serviceErrorKinds

const serviceErrorKinds = {
  service_invalid: 'invalid',
  service_not_found: 'not_found',
  service_conflict: 'conflict',
  service_unauthenticated: 'misconfigured',
  service_denied: 'misconfigured',
  service_unavailable: 'unavailable',
} as const satisfies Record<string, ErrorKind>

/** An error of a service that does not tell our own code: WorkOS itself, a proxy, a failure inside of the service. */
export class ServiceError extends AuthorizationError<ServiceErrorCode> {
  override readonly name = 'ServiceError'
  override readonly kind: (typeof serviceErrorKinds)[ServiceErrorCode]

  constructor(
    code: ServiceErrorCode,
    message: string,
    /** The status of the answer. */
    readonly status: number,
    /** The service's own code, where it gave one. */
    readonly serviceCode: string | undefined,
  ) {
    super(code, message)
    this.kind = serviceErrorKinds[code]
  }
}
