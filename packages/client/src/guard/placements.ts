import type { Model } from '@bailiwick/core'
import { type LocatorsByType, placeRequirement, type Route } from './place-requirement.js'
import { isPlaced, permissionsOf, type Requirement } from './requirement.js'

/**
 * One requirement, placed for one route after the other: nearly always the same, whose placement is kept. To place it
 * anew for each request costs as much as to decide it, and where it says everything itself no route is looked at.
 */
export class Placements {
  readonly #isPlaced: boolean
  #model: Model | undefined
  #parameters: readonly string[] = []
  #placed: Requirement | undefined

  constructor(
    private readonly requirement: Requirement,
    private readonly locators?: LocatorsByType,
  ) {
    this.#isPlaced = permissionsOf(requirement).every(isPlaced)
  }

  /** @throws as `placeRequirement` */
  for(route: Route, model: Model): Requirement {
    if (this.#isPlaced) return this.requirement
    const { parameters } = route
    if (this.#placed !== undefined && this.#model === model && isSame(this.#parameters, parameters)) {
      return this.#placed
    }
    const placed = placeRequirement(this.requirement, route, model, this.locators)
    this.#model = model
    this.#parameters = parameters
    this.#placed = placed
    return placed
  }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, at) => name === other[at])
}
