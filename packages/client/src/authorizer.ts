import {
  type AuthorizationEngine,
  type CheckQuestion,
  type Decision,
  type Deny,
  type Meant,
  type MeantType,
  Misconfigured,
  type Model,
  type Permission,
  type Scope,
  type ScopeQuestion,
  type Session,
} from '@bailiwick/core'
import { askingOf, questionOf, readAgentType, refuseAgents } from './agents.js'
import { askToken, engineOptions } from './ask-token.js'
import type {
  AuthorizeOptions,
  AuthorizerOptions,
  DecidedBy,
  SessionExplanation,
} from './authorizer-options.js'
import { checkAtOnce } from './check-at-once.js'
import { withDeadline } from './deadline.js'
import { AllowedLately } from './decisions/allowed-lately.js'
import { DecisionLog, type RecordedDecision } from './decisions/decision-log.js'
import type { DecisionListener } from './decisions/decision-record.js'
import { Revocations, type RevokedSessions, refuseRevoked } from './revocations/revocations.js'
import { createSessionVerifier } from './session/create-session-verifier.js'
import type { SessionVerifier } from './session/session-verifier.js'
import { isForeign, type Target } from './target.js'
import {
  explainMismatch,
  explainToken,
  organizationMismatch,
  tokenHolds,
  tokenMayAnswer,
} from './token-layer.js'

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
  readonly #revocations: RevokedSessions | undefined
  readonly #decisions: DecisionLog
  readonly #lately: AllowedLately
  /** The time as Unix milliseconds, by which sessions are judged. */
  readonly clock: () => number
  /** The longest that a decision, or a locator that looks something up, may take. */
  readonly deadlineMs: number

  constructor(options: AuthorizerOptions) {
    this.engine = options.engine
    this.#agentType = readAgentType(options.agents, options.engine.model)
    this.#verifier =
      'verify' in options.session
        ? options.session
        : createSessionVerifier({ ...(this.#agentType && { actors: 'accept' }), ...options.session })
    this.#revocations = options.revocations
    this.clock = ('clock' in options.session ? options.session.clock : undefined) ?? Date.now
    this.#decisions = new DecisionLog(this.clock)
    this.#lately = new AllowedLately(options.engine.atOnce)
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
    if (this.#revocations !== undefined)
      await withDeadline(refuseRevoked(session, this.#revocations), this.deadlineMs)
    return session
  }

  /**
   * `authenticate` where nothing has to be waited for; `undefined` says only to call that.
   *
   * @param authorization - The header as it arrived, with `Bearer ` before the token.
   * @throws as that
   */
  authenticateAtOnce(authorization: string): Session | undefined {
    const session = this.#verifier.known?.(authorization)
    if (session === undefined) return undefined
    refuseAgents(session, this.#agentType)
    const revocations = this.#revocations
    if (revocations === undefined) return session
    return revocations instanceof Revocations && !revocations.isRevoked(session) ? session : undefined
  }

  /**
   * Whether the token itself carries the permission for the whole organization: no I/O, for a menu or a flag.
   * False where only the engine knows better, and always for an agent: it may hide a button and must not guard a
   * resource. True also where an exclusion stands in the way, of which a token knows nothing.
   *
   * @throws {PermissionUnknown} when the model has no such permission.
   */
  has<const Slug extends string>(session: Session, permission: Meant<Slug>): boolean {
    return tokenHolds(session, this.model.permission(permission))
  }

  /**
   * May she? Without a target the question is about the whole organization.
   *
   * @throws {PermissionUnknown} when the model has no such permission; {DecisionTimeout} past the deadline; an
   *   error of kind `unavailable` when the engine cannot decide. A denial is a value.
   */
  async check<const Slug extends string>(
    session: Session,
    permission: Meant<Slug>,
    target?: Target,
    options: AuthorizeOptions = {},
  ): Promise<Decision> {
    if (this.#decisions.isHeard)
      return (await this.checkRecorded(session, permission, target, options)).decision
    return this.#check(session, permission, target, options)
  }

  /**
   * `check`, with the id under which those who hear of decisions know this one.
   *
   * @param unless - Asked of an allow: why it is none, if it is none. @throws as `check`
   */
  async checkRecorded(
    session: Session,
    permission: Permission,
    target?: Target,
    options: AuthorizeOptions = {},
    unless?: () => Promise<Deny | undefined>,
  ): Promise<RecordedDecision> {
    const check = () => this.#check(session, permission, target, options)
    const decide = unless === undefined ? check : () => allowUnless(unless, check())
    if (!this.#decisions.isHeard) return { decision: await decide(), id: undefined }
    return this.#decisions.record({ session, permission, target }, decide)
  }

  /**
   * `check` where nothing has to be waited for: who allows it, or why nobody does. `undefined` says only to call that.
   *
   * @throws as that
   */
  checkAtOnce(
    session: Session,
    permission: Permission,
    target: Target | undefined,
    options: AuthorizeOptions,
  ): DecidedBy | Deny | undefined {
    const { fresh, consistency, signal } = options
    if (this.#decisions.isHeard || fresh || consistency !== undefined || signal !== undefined)
      return undefined
    return checkAtOnce(this.engine, { session, permission, target, options, agentType: this.#agentType })
  }

  /** What guards need not ask again. Nothing while somebody hears of decisions, for each of them is one. */
  get allowedLately(): AllowedLately | undefined {
    return this.#decisions.isHeard ? undefined : this.#lately
  }

  /**
   * Hear of every decision from now on: for a log of who was let in and who was not, by which id.
   *
   * @returns To hear no more.
   *
   * @example
   * authz.onDecision(({ id, session, permission, outcome }) => log.info({ id, user: session.userId, permission, outcome }))
   */
  onDecision(listener: DecisionListener): () => void {
    return this.#decisions.add(listener)
  }

  async #check(
    session: Session,
    permission: Permission,
    target: Target | undefined,
    options: AuthorizeOptions,
  ): Promise<Decision> {
    this.model.permission(permission)
    const organizationId = session.organizationId
    if (organizationId === undefined || isForeign(session, target)) return organizationMismatch
    const question = questionOf(session, organizationId, permission, target, this.#agentType)
    return withDeadline(this.#decide(session, question, target, options), this.deadlineMs)
  }

  /**
   * `check`, with every grant or nearest miss, the way up to the organization, and the answer in sentences. Where
   * the token answers, the engine's own answer follows: the two differ while the token is older than a change.
   */
  async explain<const Slug extends string>(
    session: Session,
    permission: Meant<Slug>,
    target?: Target,
    options: AuthorizeOptions = {},
  ): Promise<SessionExplanation> {
    this.model.permission(permission)
    const { organizationId } = session
    if (organizationId === undefined || isForeign(session, target)) return explainMismatch(session)
    const question = questionOf(session, organizationId, permission, target, this.#agentType)
    const [byToken, { decision, path, sentences }] = await withDeadline(
      Promise.all([
        askToken(this.engine, session, question, target, options),
        this.engine.explain(question, engineOptions(options)),
      ]),
      this.deadlineMs,
    )
    if (byToken === undefined) return { decision, path, sentences, decidedBy: 'engine' }
    return explainToken(session, permission, byToken, { path, sentences, nowMs: this.clock() })
  }

  /**
   * Where she may, for resources of one type: a condition for a query in the application's own database, which
   * `@bailiwick/client/drizzle`, `/kysely` and `/prisma` write down.
   *
   * @throws as `check`; {ResourceTypeUnknown} when the model has no such type; {ScopeTooLarge} when it would name
   *   more than 10 000 resources.
   */
  async scopeFor<const Slug extends string, const Type extends string>(
    session: Session,
    permission: Meant<Slug>,
    type: MeantType<Type>,
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
    const byToken = await askToken(this.engine, session, question, undefined, options)
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
    return tokenMayAnswer(session, this.model.permission(question.permission), options)
      ? this.#decideByToken(session, question, target, options)
      : this.engine.check(question, engineOptions(options))
  }

  async #decideByToken(
    session: Session,
    question: CheckQuestion,
    target: Target | undefined,
    options: AuthorizeOptions,
  ): Promise<Decision> {
    const byToken = await askToken(this.engine, session, question, target, options)
    return byToken ?? this.engine.check(question, engineOptions(options))
  }
}

/** Make the authorizer of an application: one engine, one issuer of sessions. */
export function createAuthorizer(options: AuthorizerOptions): Authorizer {
  return new Authorizer(options)
}

async function allowUnless(
  unless: () => Promise<Deny | undefined>,
  check: Promise<Decision>,
): Promise<Decision> {
  const decision = await check
  return decision.kind === 'allow' ? ((await unless()) ?? decision) : decision
}
