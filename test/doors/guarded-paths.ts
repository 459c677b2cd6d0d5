import { type Locator, type PermissionOptions, param } from '@bailiwick/client'
import { type ModelDefinition, rootType } from '@bailiwick/core'
import type { Expected, World } from '../worlds/world.js'

/** A route whose handler runs only if the guard lets it. */
export interface GuardedPath {
  /** As the framework takes it: `/3/:id`. */
  readonly path: string
  readonly permission: string
  readonly options: PermissionOptions
}

/** The routes on which the checks of a world can be made, one for each way of asking. */
export class GuardedPaths {
  readonly #byQuestion = new Map<string, GuardedPath>()
  readonly #types: ReadonlySet<string>

  constructor(world: World, model: ModelDefinition) {
    this.#types = new Set([rootType, ...Object.keys(model.resourceTypes)])
    for (const { checks } of world.steps) {
      for (const { permission, resource } of checks) {
        // An application that guards a route by a permission that its model does not have would not start.
        if (!Object.hasOwn(model.permissions, permission)) continue
        if (resource === undefined) this.#add(permission, undefined, 'externalId')
        else for (const as of ['externalId', 'id'] as const) this.#add(permission, resource.type, as)
      }
    }
  }

  get all(): readonly GuardedPath[] {
    return [...this.#byQuestion.values()]
  }

  /** The path to request for a check, by one of the ids of its resource. */
  to({ permission, resource }: Expected, as: 'externalId' | 'id', id: string): string {
    const guarded = this.#byQuestion.get(keyOf(permission, resource?.type, as))
    if (guarded === undefined) throw new Error(`there is no route for \`${permission}\``)
    return guarded.path.replace(':id', encodeURIComponent(id))
  }

  #add(permission: string, type: string | undefined, as: 'externalId' | 'id'): void {
    const key = keyOf(permission, type, as)
    if (this.#byQuestion.has(key)) return
    const number = this.#byQuestion.size
    this.#byQuestion.set(
      key,
      type === undefined
        ? { path: `/${number}`, permission, options: { scope: 'organization' } }
        : { path: `/${number}/:id`, permission, options: { resource: this.#locator(type, as) } },
    )
  }

  #locator(type: string, as: 'externalId' | 'id'): Locator {
    if (this.#types.has(type)) return param('id', { type, as })
    // Declared, a type that the model does not have would not start either; found at run time, it can be any.
    return ({ params }) => ({ type, externalId: String(params.id) })
  }
}

function keyOf(permission: string, type: string | undefined, as: string): string {
  return JSON.stringify([permission, type ?? null, as])
}
