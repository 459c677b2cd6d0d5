import type { AuthorizationEngine } from '@bailiwick/core'
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
  /** Organizations and memberships that are made under an id given already, or inactive. */
  readonly chosenIds: boolean
}

/** An engine at the other end of a wire. */
export interface RemoteEngine extends AuthorizationEngine {
  /** What the service offers. */
  readonly capabilities: Capabilities
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
    chosenIds: offered,
  }
}
