import { rootType, type SubjectsQuestion } from '@bailiwick/core'
import type { OrderedEntries } from '../graph/ordered-ids.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import { groupKind, type Holder, membershipKind } from '../graph/row-table.js'
import { Marks } from './marks.js'
import type { Nearest } from './nearest.js'
import type { SubjectTest } from './subject-test.js'

/** What a list of subjects is about, once everything is located. */
export interface Wanted {
  readonly kind: number
  readonly permission: number
  readonly resource: number
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

/** One for all: a list never waits. */
const seen = new Marks()

class Gathering {
  constructor(
    private readonly graph: OrganizationGraph,
    private readonly wanted: Wanted,
    private readonly nearest: Nearest,
    private left: number,
  ) {
    seen.begin()
  }

  /** Everybody who holds a grant on one resource. Returns whether the steps were enough. */
  gatherOn(resource: number): boolean {
    return (
      this.#gatherRows(resource) &&
      this.#gatherSingles(resource) &&
      (this.wanted.kind !== membershipKind ||
        (this.#gatherMapped(resource) && (resource !== this.graph.resources.root || this.#gatherOwnRoles())))
    )
  }

  #gatherRows(resource: number): boolean {
    const { rows, roles, resources, environment } = this.graph
    // With one role at a time, one assigned on the organization may lose against another.
    const counts = resource !== resources.root || environment.model.roleMode !== 'single'
    const test = counts ? this.wanted.test.passesGranted : this.wanted.test.passes
    for (let row = resources.firstRow(resource); row !== none; row = rows.nextOnResource(row)) {
      if (!this.#step()) return false
      if (!roles.holds(rows.role(row), this.wanted.permission)) continue
      if (!this.#offerHolder(rows.holder(row), test)) return false
    }
    return true
  }

  #gatherSingles(resource: number): boolean {
    for (const { effect, permission, holder } of this.graph.exclusions.on(resource)) {
      if (!this.#step()) return false
      if (effect !== 'allow' || permission !== this.wanted.permission) continue
      if (!this.#offerHolder(holder, this.wanted.test.passesGranted)) return false
    }
    return true
  }

  #gatherMapped(resource: number): boolean {
    const { mappings, roles, memberships } = this.graph
    for (const { role, directoryGroup } of mappings.on(resource)) {
      if (!this.#step()) return false
      if (!roles.holds(role, this.wanted.permission)) continue
      if (!this.#offerOrdered(memberships.inDirectoryGroup(directoryGroup))) return false
    }
    return true
  }

  #gatherOwnRoles(): boolean {
    const { roles, memberships } = this.graph
    for (const role of roles.entriesGranting(this.wanted.permission)) {
      if (roles.role(role).on !== rootType) continue
      if (!this.#offerOrdered(memberships.withRole(role))) return false
    }
    return true
  }

  /** A holder itself, when it is of the wanted kind, and the members of a group. */
  #offerHolder(holder: Holder, test: (entry: number) => boolean): boolean {
    const kind = holder & 3
    if (kind === this.wanted.kind) this.#offer(holder >> 2, test)
    else if (kind === groupKind && this.wanted.kind === membershipKind) {
      return this.#offerMembers(holder >> 2, test)
    }
    return true
  }

  /** Most members come through several groups: the first time decides. */
  #offerMembers(group: number, test: (entry: number) => boolean): boolean {
    const { groups } = this.graph
    for (let link = groups.firstLink(group); link !== none; link = groups.nextOfGroup(link)) {
      if (--this.left < 0) return false
      const membership = groups.membership(link)
      if (seen.of(membership) === 0) this.#offer(membership, test)
    }
    return true
  }

  #offer(entry: number, test: (entry: number) => boolean): void {
    if (this.#isNew(entry) && this.nearest.wants(entry) && test(entry)) this.nearest.add(entry)
  }

  /** Those who may be in the list and stand in order: only as many as the window can show are looked at. */
  #offerOrdered(candidates: OrderedEntries): boolean {
    const { passes } = this.wanted.test
    this.left = this.nearest.addOrdered(candidates, this.left, (entry) => this.#isNew(entry) && passes(entry))
    return this.left >= 0
  }

  #isNew(entry: number): boolean {
    if (seen.of(entry) !== 0) return false
    seen.add(entry, 1)
    return true
  }

  #step(): boolean {
    this.left -= 1
    return this.left >= 0
  }
}
