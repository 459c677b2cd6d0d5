import { isAuthorizationError, type Model } from '@bailiwick/core'
import { checkAgainstModel, checkLocatorsFit, placeRequirement, type Route } from './place-requirement.js'
import type { Requirement } from './requirement.js'

/** A guard that stands before a route, with the path parameters that it can see. */
export interface StandingGuard {
  readonly requirement: Requirement
  readonly parameters: readonly string[]
}

/** What the guards of a route demand, every permission placed, and what is wrong with them, in sentences. */
export interface PlacedGuards {
  readonly requirements: readonly Requirement[]
  readonly faults: readonly string[]
}

/** Hold the guards of a route against the model and the route's path, once, at start. */
export function placeGuards(route: Route, guards: readonly StandingGuard[], model: Model): PlacedGuards {
  const faults: string[] = []
  const requirements = guards.map(({ requirement, parameters }) => {
    try {
      checkAgainstModel(requirement, model)
      checkLocatorsFit(requirement, { name: route.name, parameters })
      return placeRequirement(requirement, route, model)
    } catch (error) {
      if (!isAuthorizationError(error)) throw error
      faults.push(error.message.includes(route.name) ? error.message : `\`${route.name}\`: ${error.message}`)
      return requirement
    }
  })
  return { requirements, faults }
}
