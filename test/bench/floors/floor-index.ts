import { roleMasks } from '../workload/model.js'
import { type Lists, organizationOf, type Workload } from '../workload/workload.js'

/**
 * The least that decides, as integers: rows by subject, parents, organizations, groups. Written by hand for this
 * one workload, without changes, exclusions or more than 30 permissions.
 */
export class FloorIndex {
  /** Of each resource: its parent, its organization. */
  readonly #places: Int32Array
  /** Of each membership: its organization × 1 024 + the permissions of its own role. */
  readonly #own: Int32Array
  readonly #rows: Lists
  readonly #groups: Lists
  readonly #memberships: number

  constructor(workload: Workload) {
    const { parent, ownRole, size } = workload
    this.#places = new Int32Array(2 * workload.resources)
    for (let resource = 0; resource < workload.resources; resource++)
      this.#places.set([parent[resource] as number, organizationOf(workload, resource)], 2 * resource)
    this.#own = Int32Array.from(
      ownRole,
      (role, membership) =>
        (Math.floor(membership / size.membershipsEach) << 10) | (roleMasks[role] as number),
    )
    this.#rows = workload.rowsOf
    this.#groups = workload.groupsOf
    this.#memberships = workload.memberships
  }

  /** @param bit - The permission, as `1 << index`. */
  check(membership: number, bit: number, resource: number): boolean {
    const own = this.#own[membership] as number
    if (this.#places[2 * resource + 1] !== own >> 10) return false
    if ((own & bit) !== 0) return true
    const one = this.#above(resource)
    const two = this.#above(one)
    if (this.#grants(membership, bit, resource, one, two)) return true
    const { starts, items } = this.#groups
    const end = starts[membership + 1] as number
    for (let at = starts[membership] as number; at < end; at++) {
      if (this.#grants(this.#memberships + (items[at] as number), bit, resource, one, two)) return true
    }
    return false
  }

  #above(resource: number): number {
    return resource < 0 ? -1 : (this.#places[2 * resource] as number)
  }

  #grants(holder: number, bit: number, resource: number, one: number, two: number): boolean {
    const { starts, items } = this.#rows
    const end = starts[holder + 1] as number
    for (let at = starts[holder] as number; at < end; at++) {
      const row = items[at] as number
      const on = row >> 3
      if ((on === resource || on === one || on === two) && ((roleMasks[row & 7] as number) & bit) !== 0)
        return true
    }
    return false
  }
}
