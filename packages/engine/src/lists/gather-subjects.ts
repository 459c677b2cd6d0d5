import { rootType, type SubjectsQuestion } from '@bailiwick/core'
import { EntryBits } from '../graph/entry-bits.js'
import type { OrderedEntries } from '../graph/ordered-ids.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import { groupKind, type Holder, membershipKind } from '../graph/row-table.js'
import type { Nearest } from './nearest.js'
import type { SubjectTest } from './subject-test.js'

/** What a list of subjects is about, once everything is located. */
export interface Wanted {
  readonly kind: number
  readonly permission: number
  readonly resource: number
  /** All subjects of the kind are below it. */
  readonly bound: number
  readonly access: NonNullable<SubjectsQuestion['access']>
  readonly test: SubjectTest
}

/**
 * Offer every subject of a list, found from the resource upward: by what is held on it and on each ancestor.
 *
 * @returns whether that took no more than `steps`.
 */
export function gatherSubjects(
  graph: OrganizationGraph,
  wanted: Wanted,
  nearest: Nearest,
  steps: number,
): boolean {
  const gathering = new Gathering(graph, wanted, nearest, steps)
  const { resources } = graph
  for (let entry = wanted.resource; entry !== none; entry = resources.parent(entry)) {
    if (!gathering.gatherOn(entry)) return false
    if (wanted.access === 'direct') return true
  }
  return true
}

/** Who has been tested: most members come through several groups. One for all: a list never waits. */
const tested = new EntryBits(0)

class Gathering {
  constructor(
    private readonly graph: OrganizationGraph,
    private readonly wanted: Wanted,
    private readonly nearest: Nearest,
    private left: number,
  ) {
    tested.clear(wanted.bound)
  }

  /** Everybody who holds a grant on one resource. Returns whether the steps were enough. */
  gatherOn(resource: number): boolean {
    const { exclusions, mappings, resources } = this.graph
    return (
      this.#gatherRows(resource) &&
      (exclusions.size === 0 || this.#gatherSingles(resource)) &&
      (this.wanted.kind !== membershipKind ||
        ((mappings.size === 0 || this.#gatherMapped(resource)) &&
          (resource !== resources.root || this.#gatherOwnRoles())))
    )
  }

  #gatherRows(resource: number): boolean {
    const { rows, records, resources, environment } = this.graph
    // With one role at a time, one assigned on the organization may lose against another.
    const counts = resource !== resources.root || !environment.singleRole
    for (let row = resources.firstRow(resource); row !== none; row = rows.nextOnResource(row)) {
      if (!this.#step()) return false
      if (!records.holds(records.roleOf(row), this.wanted.permission)) continue
      if (!this.#offerHolder(rows.holder(row), counts)) return false
    }
    return true
  }

  #gatherSingles(resource: number): boolean {
    for (const { effect, permission, holder } of this.graph.exclusions.on(resource)) {
      if (!this.#step()) return false
      if (effect !== 'allow' || permission !== this.wanted.permission) continue
      if (!this.#offerHolder(holder, true)) return false
    }
    return true
  }

  #gatherMapped(resource: number): boolean {
    const { mappings, roles, memberships } = this.graph
    const { passes } = this.wanted.test
    for (const { role, directoryGroup } of mappings.on(resource)) {
      if (!this.#step()) return false
      if (!roles.holds(role, this.wanted.permission)) continue
      if (!this.#offerOrdered(memberships.inDirectoryGroup(directoryGroup), passes)) return false
    }
    return true
  }

  #gatherOwnRoles(): boolean {
    const { roles, memberships } = this.graph
    const { test, permission } = this.wanted
    for (const role of roles.entriesGranting(permission)) {
      if (roles.role(role).on !== rootType) continue
      const passes = (entry: number) => test.passesWithRole(entry, role)
      if (!this.#offerOrdered(memberships.withRole(role), passes)) return false
    }
    return true
  }

  /**
   * A holder itself, when it is of the wanted kind, and the members of a group.
   *
   * @param counts - Whether what it holds is known to count.
   */
  #offerHolder(holder: Holder, counts: boolean): boolean {
    const { kind, test } = this.wanted
    const passes = counts ? test.passesGranted : test.passes
    if ((holder & 3) === kind) this.#offer(holder >> 2, passes)
    else if ((holder & 3) === groupKind && kind === membershipKind) {
      const active = counts && test.takesAllActive ? this.graph.groups.activeMembers(holder >> 2) : undefined
      if (active === undefined) return this.#offerMembers(holder >> 2, passes)
      this.nearest.addAll(active)
    }
    return true
  }

  #offerMembers(group: number, passes: (entry: number) => boolean): boolean {
    const { groups } = this.graph
    for (let link = groups.firstLink(group); link !== none; link = groups.nextOfGroup(link)) {
      if (!this.#step()) return false
      this.#offer(groups.membership(link), passes)
    }
    return true
  }

  #offer(entry: number, passes: (entry: number) => boolean): void {
    if (this.#isNew(entry) && this.nearest.wants(entry) && passes(entry)) this.nearest.add(entry)
  }

  /** Those who may be in the list and stand in order: only as many as the window can show are looked at. */
  #offerOrdered(candidates: OrderedEntries, passes: (entry: number) => boolean): boolean {
    this.left = this.nearest.addOrdered(candidates, this.left, (entry) => this.#isNew(entry) && passes(entry))
    return this.left >= 0
  }

  /** The first time decides. */
  #isNew(entry: number): boolean {
    if (this.nearest.has(entry) || tested.has(entry)) return false
    tested.add(entry)
    return true
  }

  #step(): boolean {
    this.left -= 1
    return this.left >= 0
  }
}
