import type { Deny } from '../decision.js'
import type { ResourceRef } from '../question.js'
import { AuthorizationError } from './authorization-error.js'

/** A denial that must stop a request. The decision says why; what the caller is told is the edge's choice. */
export class AccessDenied extends AuthorizationError<'access_denied'> {
  override readonly name = 'AccessDenied'
  override readonly kind = 'denied'

  constructor(
    readonly permission: string,
    readonly resource: ResourceRef | undefined,
    readonly decision: Deny,
    /** Under which whoever hears of decisions knows this one. */
    readonly decisionId?: string | undefined,
  ) {
    super('access_denied', `\`${permission}\` is denied: ${decision.reason.replaceAll('_', ' ')}`)
  }
}

/**
 * There is nothing here, or nothing that the caller may know of: both are answered the same way, so that a
 * denial does not tell that something exists. The denial behind it is in `cause`, for logs.
 */
export class NotFound extends AuthorizationError<'not_found'> {
  override readonly name = 'NotFound'
  override readonly kind = 'not_found'

  constructor(options?: { readonly cause?: unknown }) {
    super('not_found', 'there is nothing here', options)
  }
}

/** The request carries no usable id where the route's locator looks for one. */
export class ResourceNotLocated extends AuthorizationError<'resource_not_located'> {
  override readonly name = 'ResourceNotLocated'
  override readonly kind = 'invalid'

  constructor(
    readonly locator: string,
    readonly why: string,
  ) {
    super('resource_not_located', `${locator} ${why}`)
  }
}

/** A guard or a setting is wrong in a way that only the developer can mend; the message says how. */
export class Misconfigured extends AuthorizationError<'misconfigured'> {
  override readonly name = 'Misconfigured'
  override readonly kind = 'misconfigured'

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super('misconfigured', message, options)
  }
}

/** No decision within the deadline. Never an allow. */
export class DecisionTimeout extends AuthorizationError<'decision_timeout'> {
  override readonly name = 'DecisionTimeout'
  override readonly kind = 'unavailable'

  constructor(readonly deadlineMs: number) {
    super('decision_timeout', `no decision within ${deadlineMs} ms`)
  }
}
