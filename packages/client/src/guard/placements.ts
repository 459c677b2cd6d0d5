import type { Model } from '@bailiwick/core'
import { type LocatorsByType, placeRequirement, type Route } from './place-requirement.js'
import type { Requirement } from './requirement.js'

/**
 * One requirement, placed for one route after the other: nearly always the same, whose placement is kept. To place it
 * anew for each request costs as much as to decide it.
 */
export class Placements {
  #model: Model | undefined
  #parameters: readonly string[] = []
  #placed: Requirement | undefined

  constructor(
    private readonly requirement: Requirement,
    private readonly locators?: LocatorsByType,
  ) {}

  /** @throws as `placeRequirement` */
  for(route: Route, model: Model): Requirement {
    if (this.#placed !== undefined && this.#model === model && isSame(this.#parameters, route.parameters)) {
      return this.#placed
    }
    const placed = placeRequirement(this.requirement, route, model, this.locators)
    this.#model = model
    this.#parameters = route.parameters
    this.#placed = placed
    return placed
  }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, at) => name === other[at])
}
