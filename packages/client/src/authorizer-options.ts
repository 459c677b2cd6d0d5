import type { AuthorizationEngine, CheckOptions, Decision, Explanation } from '@bailiwick/core'
import type { AgentOptions } from './agents.js'
import type { RevokedSessions } from './revocations/revocations.js'
import type { SessionOptions } from './session/session-options.js'
import type { SessionVerifier } from './session/session-verifier.js'

export interface AuthorizerOptions {
  readonly engine: AuthorizationEngine
  /** How to verify a token: settings, a preset such as `workos({ clientId })`, or a verifier of your own. */
  readonly session: SessionOptions | SessionVerifier
  /**
   * Accept tokens that an agent uses for a user (claim `act`): it then takes both to be allowed, and every party
   * between them. Without it such a token is refused. Default: no agents.
   */
  readonly agents?: AgentOptions
  /** Which sessions are over before their tokens are: `new Revocations()`, or a list of your own. Default: none. */
  readonly revocations?: RevokedSessions
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
  /** Where the token answered: how old its word is, and for how long it may still be taken. In whole seconds. */
  readonly token?: { readonly ageSec: number; readonly expiresInSec: number }
}

/** Which layer answered: a grant of the session means the token did. */
export function decidedBy(decision: Decision): DecidedBy {
  return decision.kind === 'allow' && decision.grants[0].from === 'session' ? 'token' : 'engine'
}
