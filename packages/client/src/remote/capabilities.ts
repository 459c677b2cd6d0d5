import type { AuthorizationEngine } from '@bailiwick/core'
import type { SaidOrigin } from '@bailiwick/wire'
import type { RemoteApi } from './remote-options.js'

/**
 * What a service offers beyond a check by membership, the resources, roles and groups. A method, or a part of a
 * question, that needs what is `false` here rejects with `capability_missing`.
 */
export interface Capabilities {
  /** Several checks in one request: `checkMany`. Without it, single checks go out one by one. */
  readonly batch: boolean
  /** Why: `explain`. Without it a decision names neither grants nor misses. */
  readonly explain: boolean
  /** Tokens of writes, and checks that are at least as new. Without it an answer is as new as the service makes it. */
  readonly consistency: boolean
  /** Groups as those who ask, and the roles of any subject taken back by their id or replaced. */
  readonly anySubject: boolean
  /** Agents, and asking on behalf of somebody. */
  readonly agents: boolean
  /** `listResources`, `listSubjects` and `scope`. */
  readonly search: boolean
  readonly exclusions: boolean
  /** Mappings of an identity provider's groups, and telling of those. */
  readonly directory: boolean
  /** Default role and priority of an organization. */
  readonly roleOrder: boolean
  /** Saying for whom something is changed: `as`. */
  readonly actors: boolean
  /** Organizations and memberships that are made under an id given already, or inactive. */
  readonly chosenIds: boolean
}

/** An engine at the other end of a wire. */
export interface RemoteEngine extends AuthorizationEngine {
  /** What the service offers. */
  readonly capabilities: Capabilities

  /**
   * The same engine, whose writes say for whom the application makes them: the service's audit log then names both, the
   * actor and the key. It decides nothing. Make one for each request.
   *
   * @throws {InputInvalid} for an actor that is not of its form; {CapabilityMissing} where the service has no audit log.
   *
   * @example
   * await engine.as({ actor: { type: 'user', id: session.userId } }).assignRole({ … })
   */
  as(origin: SaidOrigin): RemoteEngine
}

/** What each API offers. */
export const capabilitiesOf: Readonly<Record<RemoteApi, Capabilities>> = {
  bailiwick: all(true),
  workos: all(false),
}

function all(offered: boolean): Capabilities {
  return {
    batch: offered,
    explain: offered,
    consistency: offered,
    anySubject: offered,
    agents: offered,
    search: offered,
    exclusions: offered,
    directory: offered,
    roleOrder: offered,
    actors: offered,
    chosenIds: offered,
  }
}
