import { idOf } from '../workload/ids.js'
import { permissionSlugs, typeSlugs } from '../workload/model.js'
import { externalIdOf } from '../workload/questions.js'
import type { Workload } from '../workload/workload.js'
import { FloorIndex } from './floor-index.js'

/** The floor with its ids in JavaScript's own `Map`: what a careful hand would write first. */
export class FloorCsr {
  readonly #index: FloorIndex
  readonly #type: Uint8Array
  readonly #memberships = new Map<string, number>()
  readonly #resources = new Map<string, number>()
  readonly #bits = new Map<string, number>(permissionSlugs.map((slug, index) => [slug, 1 << index]))

  constructor(workload: Workload) {
    this.#index = new FloorIndex(workload)
    this.#type = workload.type
    for (let membership = 0; membership < workload.memberships; membership++)
      this.#memberships.set(idOf('membership', membership), membership)
    for (let resource = 0; resource < workload.resources; resource++)
      this.#resources.set(externalIdOf(workload, resource), resource)
  }

  check(membershipId: string, permission: string, type: string, externalId: string): boolean {
    const membership = this.#memberships.get(membershipId)
    const resource = this.#resources.get(externalId)
    if (membership === undefined || resource === undefined) return false
    if (typeSlugs[this.#type[resource] as number] !== type) return false
    return this.#index.check(membership, this.#bits.get(permission) ?? 0, resource)
  }
}
