import { type Decision, type Permission, type Session, SessionInvalid } from '@bailiwick/core'
import type { Authorizer } from '../authorizer.js'
import type { AuthorizeOptions, SessionExplanation } from '../authorizer-options.js'
import type { Target } from '../target.js'
import { type EnforcedPermission, enforce } from './enforce.js'
import type { RequestView } from './request-view.js'
import type { Requirement } from './requirement.js'

/** Who sends this request, and what she may do: an authorizer bound to one request's session. */
export class RequestAuthorization {
  #enforced: readonly EnforcedPermission[] = []

  constructor(
    readonly authorizer: Authorizer,
    /** `undefined` when the request carries no token. */
    readonly session: Session | undefined,
  ) {}

  /** What the guards of this request have asked and allowed so far. */
  get enforced(): readonly EnforcedPermission[] {
    return this.#enforced
  }

  /** Whether the token itself carries the permission for the whole organization: no I/O, never for a resource. */
  has(permission: Permission): boolean {
    return this.session !== undefined && this.authorizer.has(this.session, permission)
  }

  /** May she? @throws {SessionInvalid} `session_missing` without a session; otherwise as `Authorizer.check`. */
  async check(permission: Permission, target?: Target, options?: AuthorizeOptions): Promise<Decision> {
    return this.authorizer.check(this.#required(), permission, target, options)
  }

  /** Why may she, or why not? @throws {SessionInvalid} as `check`. */
  async explain(
    permission: Permission,
    target?: Target,
    options?: AuthorizeOptions,
  ): Promise<SessionExplanation> {
    return this.authorizer.explain(this.#required(), permission, target, options)
  }

  /** Let the request go on only if it meets the requirement. @throws as `enforce`. */
  async enforce<Native>(requirement: Requirement, request: RequestView<Native>): Promise<void> {
    const enforced = await enforce(this.authorizer, this.session, requirement, request)
    this.#enforced = [...this.#enforced, ...enforced]
  }

  #required(): Session {
    if (this.session !== undefined) return this.session
    throw new SessionInvalid('session_missing', 'the request carries no session token')
  }
}

/**
 * Verify the token of a request.
 *
 * @param token - `undefined` when the request carries none: then there is no session.
 * @throws {SessionInvalid} or {KeysUnavailable} for a token that yields no session: a bad token is never taken
 *   for none.
 */
export async function authorizeRequest(
  authorizer: Authorizer,
  token: string | undefined,
): Promise<RequestAuthorization> {
  const session = token === undefined ? undefined : await authorizer.authenticate(token)
  return new RequestAuthorization(authorizer, session)
}
