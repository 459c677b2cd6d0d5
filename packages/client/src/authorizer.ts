import {
  type Allow,
  type AuthorizationEngine,
  type CheckOptions,
  type CheckQuestion,
  type Decision,
  type Deny,
  type Explanation,
  Misconfigured,
  type Model,
  type OrganizationId,
  type Permission,
  type ResourceTypeSlug,
  type Scope,
  type ScopeQuestion,
  type Session,
} from '@bailiwick/core'
import { type AgentOptions, askingOf, readAgentType, refuseAgents } from './agents.js'
import { withDeadline } from './deadline.js'
import { createSessionVerifier } from './session/create-session-verifier.js'
import type { SessionOptions } from './session/session-options.js'
import type { SessionVerifier } from './session/session-verifier.js'
import { isForeign, refOf, type Target } from './target.js'

export interface AuthorizerOptions {
  readonly engine: AuthorizationEngine
  /** How to verify a token: settings, a preset such as `workos({ clientId })`, or a verifier of your own. */
  readonly session: SessionOptions | SessionVerifier
  /**
   * Accept tokens that an agent uses for a user (claim `act`): it then takes both to be allowed, and every party
   * between them. Without it such a token is refused. Default: no agents.
   */
  readonly agents?: AgentOptions
  /** A decision that takes longer is an error (503), never an allow. Milliseconds, default 1 000. */
  readonly deadlineMs?: number
}

export interface AuthorizeOptions extends CheckOptions {
  /**
   * The handler loads the resource by the session's organization, so that a foreign id finds nothing. Only then
   * may a token answer without the engine's word that the resource is in the organization.
   */
  readonly tenantScoped?: boolean
  /** Ask the engine for the latest, whatever the token says. A permission may demand its word in the model. */
  readonly fresh?: boolean
}

/** Who answered: the verified token, without I/O, or the engine. */
export type DecidedBy = 'token' | 'engine'

/** Why a session may or may not: the engine's explanation, with the token's part in it. */
export interface SessionExplanation extends Pick<Explanation, 'decision' | 'path' | 'sentences'> {
  readonly decidedBy: DecidedBy
}

/**
 * Who may do what, for the sessions of one issuer: the token answers what it can, the engine the rest.
 *
 * @example
 * const session = await authz.authenticate(token)
 * const decision = await authz.check(session, 'project:edit', { type: 'project', externalId: 'web' })
 * if (decision.kind === 'allow') …
 */
export class Authorizer {
  readonly engine: AuthorizationEngine
  readonly #verifier: SessionVerifier
  readonly #agentType: string | undefined
  /** The longest that a decision, or a locator that looks something up, may take. */
  readonly deadlineMs: number

  constructor(options: AuthorizerOptions) {
    this.engine = options.engine
    this.#agentType = readAgentType(options.agents, options.engine.model)
    this.#verifier =
      'verify' in options.session
        ? options.session
        : createSessionVerifier({ ...(this.#agentType && { actors: 'accept' }), ...options.session })
    this.deadlineMs = options.deadlineMs ?? 1_000
    if (!Number.isInteger(this.deadlineMs) || this.deadlineMs < 1) {
      throw new Misconfigured('`deadlineMs` must be a whole number of milliseconds, at least 1')
    }
  }

  get model(): Model {
    return this.engine.model
  }

  /**
   * Verify a session token and read its claims.
   *
   * @param token - Compact JWS, without the `Bearer ` prefix.
   * @throws {SessionInvalid} when the token yields no session; {KeysUnavailable} when nothing can be said.
   */
  async authenticate(token: string): Promise<Session> {
    const session = await this.#verifier.verify(token)
    refuseAgents(session, this.#agentType)
    return session
  }

  /**
   * Whether the token itself carries the permission for the whole organization: no I/O, for a menu or a flag.
   * False where only the engine knows better, and always for an agent: it may hide a button and must not guard a
   * resource. True also where an exclusion stands in the way, of which a token knows nothing.
   *
   * @throws {PermissionUnknown} when the model has no such permission.
   */
  has(session: Session, permission: Permission): boolean {
    return tokenHolds(session, this.model, permission)
  }

  /**
   * May she? Without a target the question is about the whole organization.
   *
   * @throws {PermissionUnknown} when the model has no such permission; {DecisionTimeout} past the deadline; an
   *   error of kind `unavailable` when the engine cannot decide. A denial is a value.
   */
  async check(
    session: Session,
    permission: Permission,
    target?: Target,
    options: AuthorizeOptions = {},
  ): Promise<Decision> {
    this.model.permission(permission)
    const organizationId = session.organizationId
    if (organizationId === undefined || isForeign(session, target)) return organizationMismatch
    const question = this.#questionOf(organizationId, session, permission, target)
    return withDeadline(this.#decide(session, question, target, options), this.deadlineMs)
  }

  /**
   * `check`, with every grant or nearest miss, the way up to the organization, and the answer in sentences. Where
   * the token answers, the engine's own answer follows: the two differ while the token is older than a change.
   */
  async explain(
    session: Session,
    permission: Permission,
    target?: Target,
    options: AuthorizeOptions = {},
  ): Promise<SessionExplanation> {
    this.model.permission(permission)
    const { organizationId } = session
    if (organizationId === undefined || isForeign(session, target)) return explainMismatch(session)
    const question = this.#questionOf(organizationId, session, permission, target)
    const [byToken, { decision, path, sentences }] = await withDeadline(
      Promise.all([
        this.#askToken(session, question, target, options),
        this.engine.explain(question, engineOptions(options)),
      ]),
      this.deadlineMs,
    )
    if (byToken === undefined) return { decision, path, sentences, decidedBy: 'engine' }
    const [alone, ...rest] = sentences
    const inToken = `allowed: the token grants \`${permission}\` on the whole organization`
    return {
      decision: byToken,
      path,
      sentences: [inToken, `the engine alone: ${alone}`, ...rest],
      decidedBy: 'token',
    }
  }

  /**
   * Where she may, for resources of one type: a condition for a query in the application's own database, which
   * `@bailiwick/client/drizzle`, `/kysely` and `/prisma` write down.
   *
   * @throws as `check`; {ResourceTypeUnknown} when the model has no such type; {ScopeTooLarge} when it would name
   *   more than 10 000 resources.
   */
  async scopeFor(
    session: Session,
    permission: Permission,
    type: ResourceTypeSlug,
    options: Omit<AuthorizeOptions, 'tenantScoped'> = {},
  ): Promise<Scope> {
    this.model.permission(permission)
    this.model.type(type)
    const { organizationId } = session
    if (organizationId === undefined) return { kind: 'none' }
    const asking = askingOf(session, organizationId, this.#agentType)
    return withDeadline(this.#scope(session, { ...asking, permission, type }, options), this.deadlineMs)
  }

  async #scope(session: Session, question: ScopeQuestion, options: AuthorizeOptions): Promise<Scope> {
    // Every filter is bound to the organization, so that nobody's word is needed on where a resource is.
    const byToken = await this.#askToken(session, question, undefined, options)
    const { organizationId, type } = question
    if (byToken !== undefined) return { kind: 'all', organizationId, type }
    return this.engine.scope(question, engineOptions(options))
  }

  /** Most checks ask the engine alone, and wait for nothing else. */
  #decide(
    session: Session,
    question: CheckQuestion,
    target: Target | undefined,
    options: AuthorizeOptions,
  ): Promise<Decision> {
    return this.#tokenMayAnswer(session, question, options)
      ? this.#decideByToken(session, question, target, options)
      : this.engine.check(question, engineOptions(options))
  }

  async #decideByToken(
    session: Session,
    question: CheckQuestion,
    target: Target | undefined,
    options: AuthorizeOptions,
  ): Promise<Decision> {
    const byToken = await this.#askToken(session, question, target, options)
    return byToken ?? this.engine.check(question, engineOptions(options))
  }

  /** Whether the token holds the permission, and nobody has asked for newer than it. */
  #tokenMayAnswer(session: Session, { permission }: CheckQuestion, options: AuthorizeOptions): boolean {
    // Whoever names a consistency has just seen a change that the token is older than.
    if (options.fresh || options.consistency !== undefined) return false
    return tokenHolds(session, this.model, permission)
  }

  #questionOf(
    organizationId: OrganizationId,
    session: Session,
    permission: Permission,
    target: Target | undefined,
  ): CheckQuestion {
    const asking = askingOf(session, organizationId, this.#agentType)
    return target === undefined
      ? { ...asking, permission }
      : { ...asking, permission, resource: refOf(target) }
  }

  /** The token's allow, or nothing: a token never denies, because it knows of no role on a resource. */
  async #askToken(
    session: Session,
    question: CheckQuestion,
    target: Target | undefined,
    options: AuthorizeOptions,
  ): Promise<Allow | undefined> {
    if (!this.#tokenMayAnswer(session, question, options)) return undefined
    const { organizationId, permission } = question
    // It knows of no exclusion either. Whether there is one is asked of the engine, which then says for whom.
    if (await this.engine.isExcludedSomewhere(organizationId, permission, engineOptions(options)))
      return undefined
    // A token speaks of the whole organization, and external ids repeat across organizations: it may answer for a
    // resource only when that resource is known to be in the token's own.
    const ours =
      target === undefined ||
      target.organizationId !== undefined ||
      options.tenantScoped === true ||
      (await this.engine.hasResource(organizationId, refOf(target), engineOptions(options)))
    return ours ? { kind: 'allow', grants: [{ from: 'session', organizationId, permission }] } : undefined
  }
}

/** Make the authorizer of an application: one engine, one issuer of sessions. */
export function createAuthorizer(options: AuthorizerOptions): Authorizer {
  return new Authorizer(options)
}

/** Which layer answered: a grant of the session means the token did. */
export function decidedBy(decision: Decision): DecidedBy {
  return decision.kind === 'allow' && decision.grants[0].from === 'session' ? 'token' : 'engine'
}

const organizationMismatch: Deny = { kind: 'deny', reason: 'organization_mismatch', nearestMisses: [] }

function explainMismatch({ organizationId }: Session): SessionExplanation {
  const why =
    organizationId === undefined
      ? 'the session belongs to no organization'
      : 'the resource is in another organization'
  return { decision: organizationMismatch, path: [], sentences: [`denied: ${why}`], decidedBy: 'engine' }
}

function tokenHolds(
  { organizationId, actors, permissions }: Session,
  model: Model,
  permission: string,
): boolean {
  // Permissions without an organization hold nowhere, and those of a user are not those of who acts for her.
  return (
    !model.permission(permission).fresh &&
    organizationId !== undefined &&
    actors.length === 0 &&
    permissions.includes(permission)
  )
}

function engineOptions({ fresh, signal, ...options }: AuthorizeOptions): CheckOptions | undefined {
  const consistency = options.consistency ?? (fresh ? 'latest' : undefined)
  if (consistency === undefined && signal === undefined) return undefined
  return { ...(consistency && { consistency }), ...(signal && { signal }) }
}
