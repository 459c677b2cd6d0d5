import type { Model } from '@bailiwick/core'
import { checkAgainstModel, type LocatorsByType, placeRequirement } from './place-requirement.js'
import { isPlaced, permissionsOf, type Requirement } from './requirement.js'

/** The route of a request. */
export interface RequestedRoute {
  /** As people know it, for messages: read when something is wrong. */
  readonly name: string
  readonly params: Readonly<Record<string, unknown>> | undefined
}

/**
 * One requirement, held against the model and placed for one route after the other: nearly always the same, whose
 * placement is kept. To place it anew for each request costs as much as to decide it, and where it says everything
 * itself no route is looked at.
 */
export class Placements {
  readonly #isPlaced: boolean
  #model: Model | undefined
  #parameters: readonly string[] = []
  #placed: Requirement | undefined

  constructor(
    readonly requirement: Requirement,
    private readonly locators?: LocatorsByType,
  ) {
    this.#isPlaced = permissionsOf(requirement).every(isPlaced)
  }

  /** @throws as `checkAgainstModel` and `placeRequirement` */
  for(route: RequestedRoute, model: Model): Requirement {
    if (this.#model !== model) this.#begin(model)
    if (this.#isPlaced) return this.requirement
    if (this.#placed !== undefined && hasExactly(route.params, this.#parameters)) return this.#placed
    return this.#place(route, model)
  }

  #begin(model: Model): void {
    checkAgainstModel(this.requirement, model)
    this.#model = model
    this.#placed = undefined
  }

  #place({ name, params = {} }: RequestedRoute, model: Model): Requirement {
    const parameters = Object.keys(params)
    const placed = placeRequirement(this.requirement, { name, parameters }, model, this.locators)
    this.#parameters = parameters
    this.#placed = placed
    return placed
  }
}

/** Whether a request has these path parameters, in this order. It makes nothing, since each request is asked. */
function hasExactly(params: RequestedRoute['params'], names: readonly string[]): boolean {
  let at = 0
  for (const name in params) if (name !== names[at++]) return false
  return at === names.length
}
