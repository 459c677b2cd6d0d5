import type { AuthorizationEngine, ResourceRef, SubjectRef } from '@bailiwick/core'
import type { Random } from '../oracle/random/random.js'
import type { OrganizationFacts, ResourceName, Subject, World } from './world.js'

/** What it takes to tell an engine of one organization. */
export interface Telling {
  readonly engine: AuthorizationEngine
  readonly world: World
  readonly organization: OrganizationFacts
  /** Draws the detours. */
  readonly random: Random
  refTo(subject: Subject): SubjectRef
}

/** A resource by the application's own name for it. */
export function refToResource({ type, externalId }: ResourceName): ResourceRef {
  return { type, externalId }
}
