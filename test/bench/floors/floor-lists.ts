import { memberRole, roleMasks } from '../workload/model.js'
import type { Lists, Workload } from '../workload/workload.js'

/**
 * The least that lists both ways can cost, as integers: what lies below a resource, who holds something on it,
 * and who is in a group. Answers are complete and in the order of ids.
 */
export class FloorLists {
  readonly #workload: Workload
  readonly #children: Lists
  /** Of each resource: holder × 8 + role; a group stands after all memberships. */
  readonly #rowsOn: Lists
  readonly #members: Lists
  readonly #seen: Uint32Array
  #stamp = 0

  constructor(workload: Workload) {
    const { parent, resources, memberships, groups, rowsOf, groupsOf } = workload
    this.#workload = workload
    this.#children = inverse(
      resources,
      parent.length,
      (child) => parent[child] as number,
      (child) => child,
    )
    const holders = ownersOf(rowsOf)
    this.#rowsOn = inverse(
      resources,
      rowsOf.items.length,
      (at) => (rowsOf.items[at] as number) >> 3,
      (at) => (holders[at] as number) * 8 + ((rowsOf.items[at] as number) & 7),
    )
    const members = ownersOf(groupsOf)
    this.#members = inverse(
      groups,
      groupsOf.items.length,
      (at) => groupsOf.items[at] as number,
      (at) => members[at] as number,
    )
    this.#seen = new Uint32Array(Math.max(resources, memberships))
  }

  /** The resources of a type on which a membership may. @param bit - The permission, as `1 << index`. */
  resources(membership: number, bit: number, type: number): Int32Array {
    const { ownRole, size, span, memberships, groupsOf } = this.#workload
    const found: number[] = []
    this.#stamp++
    if (((roleMasks[ownRole[membership] ?? memberRole] as number) & bit) !== 0) {
      const root = Math.floor(membership / size.membershipsEach) * span
      for (let resource = root; resource < root + span; resource++)
        if (this.#workload.type[resource] === type) found.push(resource)
      return new Int32Array(found)
    }
    this.#below(membership, bit, type, found)
    const { starts, items } = groupsOf
    const end = starts[membership + 1] as number
    for (let at = starts[membership] as number; at < end; at++)
      this.#below(memberships + (items[at] as number), bit, type, found)
    return new Int32Array(found).sort()
  }

  /** The memberships that may. */
  subjects(resource: number, bit: number): Int32Array {
    const { parent, memberships, size, span, ownRole } = this.#workload
    const found: number[] = []
    this.#stamp++
    const first = Math.floor(resource / span) * size.membershipsEach
    for (let membership = first; membership < first + size.membershipsEach; membership++)
      if (((roleMasks[ownRole[membership] as number] as number) & bit) !== 0) this.#add(membership, found)
    for (let at = resource; at >= 0; at = parent[at] as number) {
      const { starts, items } = this.#rowsOn
      const end = starts[at + 1] as number
      for (let each = starts[at] as number; each < end; each++) {
        const row = items[each] as number
        if (((roleMasks[row & 7] as number) & bit) === 0) continue
        const holder = row >> 3
        if (holder < memberships) this.#add(holder, found)
        else this.#addMembers(holder - memberships, found)
      }
    }
    return new Int32Array(found).sort()
  }

  #below(holder: number, bit: number, type: number, found: number[]): void {
    const { starts, items } = this.#workload.rowsOf
    const end = starts[holder + 1] as number
    for (let at = starts[holder] as number; at < end; at++) {
      const row = items[at] as number
      if (((roleMasks[row & 7] as number) & bit) !== 0) this.#collect(row >> 3, type, found)
    }
  }

  // Types lie one below the other here, so nothing wanted lies below one that is of the type.
  #collect(resource: number, type: number, found: number[]): void {
    const own = this.#workload.type[resource] as number
    if (own === type) this.#add(resource, found)
    if (own >= type) return
    const { starts, items } = this.#children
    const end = starts[resource + 1] as number
    for (let at = starts[resource] as number; at < end; at++) this.#collect(items[at] as number, type, found)
  }

  #addMembers(group: number, found: number[]): void {
    const { starts, items } = this.#members
    const end = starts[group + 1] as number
    for (let at = starts[group] as number; at < end; at++) this.#add(items[at] as number, found)
  }

  #add(index: number, found: number[]): void {
    if (this.#seen[index] === this.#stamp) return
    this.#seen[index] = this.#stamp
    found.push(index)
  }
}

/** The list that each item stands in. */
function ownersOf({ starts, items }: Lists): Int32Array {
  const owners = new Int32Array(items.length)
  for (let list = 0; list + 1 < starts.length; list++) owners.fill(list, starts[list], starts[list + 1])
  return owners
}

/** Items `0` up to `count`, sorted into lists by where they belong; those that belong nowhere (-1) are left out. */
function inverse(
  lists: number,
  count: number,
  listOf: (item: number) => number,
  itemAs: (item: number) => number,
): Lists {
  const starts = new Int32Array(lists + 1)
  for (let item = 0; item < count; item++) {
    const list = listOf(item)
    if (list >= 0) starts[list + 1] = (starts[list + 1] as number) + 1
  }
  for (let list = 0; list < lists; list++)
    starts[list + 1] = (starts[list + 1] as number) + (starts[list] as number)
  const items = new Int32Array(starts[lists] as number)
  const next = starts.slice()
  for (let item = 0; item < count; item++) {
    const list = listOf(item)
    if (list < 0) continue
    const at = next[list] as number
    items[at] = itemAs(item)
    next[list] = at + 1
  }
  return { starts, items }
}
