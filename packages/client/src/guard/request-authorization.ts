import { type Decision, type Meant, type Session, SessionInvalid } from '@bailiwick/core'
import type { Authorizer } from '../authorizer.js'
import type { AuthorizeOptions, SessionExplanation } from '../authorizer-options.js'
import type { EnforcedPermission } from '../decisions/enforced-permission.js'
import type { Target } from '../target.js'
import { enforce, enforceAtOnce } from './enforce.js'
import { onlyHeader, type RequestView } from './request-view.js'
import type { Requirement } from './requirement.js'
import type { TokenOptions } from './session-token.js'

const nothing: readonly EnforcedPermission[] = Object.freeze([])

/** Who sends this request, and what she may do: an authorizer bound to one request's session. */
export class RequestAuthorization {
  #enforced = nothing

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
  has<const Slug extends string>(permission: Meant<Slug>): boolean {
    return this.session !== undefined && this.authorizer.has(this.session, permission)
  }

  /** May she? @throws {SessionInvalid} `session_missing` without a session; otherwise as `Authorizer.check`. */
  async check<const Slug extends string>(
    permission: Meant<Slug>,
    target?: Target,
    options?: AuthorizeOptions,
  ): Promise<Decision> {
    return this.authorizer.check(this.#required(), permission, target, options)
  }

  /** Why may she, or why not? @throws {SessionInvalid} as `check`. */
  async explain<const Slug extends string>(
    permission: Meant<Slug>,
    target?: Target,
    options?: AuthorizeOptions,
  ): Promise<SessionExplanation> {
    return this.authorizer.explain(this.#required(), permission, target, options)
  }

  /**
   * `enforce` where nothing has to be waited for.
   *
   * @returns Whether it has been decided, and then by an allow; `false` says only to call `enforce`.
   * @throws as `enforce`
   */
  enforceAtOnce<Native>(requirement: Requirement, request: RequestView<Native>): boolean {
    const enforced = enforceAtOnce(this.authorizer, this.session, requirement, request)
    if (enforced === undefined) return false
    this.#enforced = this.#enforced.length === 0 ? enforced : [...this.#enforced, ...enforced]
    return true
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
 * `authorizeRequest` where nothing has to be waited for: a request with one `Authorization` header, whose token was
 * verified a moment ago.
 *
 * @returns `undefined` says only to call that.
 * @throws as that
 */
export function authorizeAtOnce(
  authorizer: Authorizer,
  rawHeaders: readonly string[],
  { cookie }: TokenOptions,
): RequestAuthorization | undefined {
  // A cookie may say something else.
  if (cookie !== undefined) return undefined
  const header = onlyHeader(rawHeaders, 'authorization')
  const session = header && authorizer.authenticateAtOnce(header)
  return session ? new RequestAuthorization(authorizer, session) : undefined
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
