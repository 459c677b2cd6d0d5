import { idOf } from '../workload/ids.js'
import { permissionSlugs, typeSlugs } from '../workload/model.js'
import { externalIdOf } from '../workload/questions.js'
import type { Workload } from '../workload/workload.js'
import { FloorIndex } from './floor-index.js'
import { PackedIds } from './packed-ids.js'

/** The floor with its ids as bytes: slower while everything fits into caches, smaller always. */
export class FloorPacked {
  readonly #index: FloorIndex
  readonly #type: Uint8Array
  readonly #memberships: PackedIds
  readonly #resources: PackedIds
  readonly #bits = new Map<string, number>(permissionSlugs.map((slug, index) => [slug, 1 << index]))

  constructor(workload: Workload) {
    this.#index = new FloorIndex(workload)
    this.#type = workload.type
    this.#memberships = new PackedIds(workload.memberships, (membership) => idOf('membership', membership))
    this.#resources = new PackedIds(workload.resources, (resource) => externalIdOf(workload, resource))
  }

  check(membershipId: string, permission: string, type: string, externalId: string): boolean {
    const membership = this.#memberships.find(membershipId)
    const resource = this.#resources.find(externalId)
    if (membership === -1 || resource === -1) return false
    if (typeSlugs[this.#type[resource] as number] !== type) return false
    return this.#index.check(membership, this.#bits.get(permission) ?? 0, resource)
  }
}
