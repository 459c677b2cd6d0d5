import { mappedBelow, ownRoles } from '../decide/own-roles.js'
import type { Mapping } from '../graph/mapping-table.js'
import { OrderedEntries } from '../graph/ordered-ids.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import type { Place } from '../lists/cursor.js'
import { Nearest } from '../lists/nearest.js'

/** A role that a membership holds, role and resource as entries, with the way in which it does. */
export interface Held {
  readonly role: number
  readonly resource: number
  readonly via: 'membership' | 'mapping' | 'assignment'
  /** Where it stands in a list: the membership and its role or mapping, or the assignment and the membership. */
  readonly at: HeldPlace
}

/** A place among held roles: first the one id counts, then the other. */
export type HeldPlace = readonly [id: string, then: string]

/** From which place on to go, and which way. */
export interface HeldRange {
  readonly from: HeldPlace | undefined
  readonly descending: boolean
}

/** What memberships hold without an assignment: by membership, and by role or mapping. */
export function* heldByThemselves(
  graph: OrganizationGraph,
  memberships: OrderedEntries,
  { from, descending }: HeldRange,
): Generator<Held> {
  const step = descending ? -1 : 1
  for (
    let n = startOf(graph, memberships, from?.[0], descending);
    n >= 0 && n < memberships.length;
    n += step
  ) {
    const held = ofMembership(graph, memberships.at(n)).filter(({ at }) => isPast(at, from, descending))
    yield* descending ? held.reverse() : held
  }
}

/** One membership as a list of memberships. */
export function only(graph: OrganizationGraph, membership: number): OrderedEntries {
  return OrderedEntries.of([membership], (one, other) => graph.memberships.compare(one, other))
}

/** The first membership that may hold something past a place: the one of the place itself may hold more. */
function startOf(
  { memberships }: OrganizationGraph,
  entries: OrderedEntries,
  id: string | undefined,
  descending: boolean,
): number {
  const against = id === undefined ? undefined : memberships.against(id)
  if (against === undefined) return descending ? entries.length - 1 : 0
  const next = entries.position(against)
  if (!descending) return next
  return next < entries.length && against(entries.at(next)) === 0 ? next : next - 1
}

function ofMembership(graph: OrganizationGraph, membership: number): Held[] {
  const id = graph.memberships.id(membership)
  const { root } = graph.resources
  const own = ownRoles(graph, membership).map(({ role, mapping }): Held => {
    if (mapping !== undefined) return mapped(id, mapping)
    return { role, resource: root, via: 'membership', at: [id, graph.roles.role(role).id] }
  })
  const below = [...mappedBelow(graph, membership)]
    .filter(({ role }) => role >= 0)
    .map((mapping) => mapped(id, mapping))
  return [...own, ...below].sort((one, other) => (one.at[1] < other.at[1] ? -1 : 1))
}

function mapped(id: string, { id: mappingId, role, resource }: Mapping): Held {
  return { role, resource, via: 'mapping', at: [id, mappingId] }
}

/** As many rows are put in order at once. */
const rowsAtOnce = 128

/**
 * What is held through assignments: by assignment, and by membership.
 *
 * @param rows - The assignments, in any order, each once.
 * @param membersOf - Who holds a role by an assignment: one membership, or all of a group.
 */
export function* heldByRows(
  graph: OrganizationGraph,
  rows: () => Iterable<number>,
  membersOf: (row: number) => readonly number[],
  { from, descending }: HeldRange,
): Generator<Held> {
  const order = descending ? 'desc' : 'asc'
  const direction = descending ? 'backward' : 'forward'
  // The assignment of the place itself may have more members.
  let place: Place | undefined = from && { id: from[0], side: descending ? 'past' : 'before' }
  for (;;) {
    const nearest = new Nearest(graph.rows, { limit: rowsAtOnce, order, direction, from: place })
    for (const row of rows()) if (nearest.wants(row)) nearest.add(row)
    const found = nearest.sorted()
    for (const row of found) {
      const held = ofRow(graph, row, membersOf(row)).filter(({ at }) => isPast(at, from, descending))
      yield* descending ? held.reverse() : held
    }
    const last = found.at(-1)
    if (last === undefined || found.length <= rowsAtOnce) return
    place = { id: graph.rows.id(last), side: descending ? 'before' : 'past' }
  }
}

function ofRow(graph: OrganizationGraph, row: number, members: readonly number[]): Held[] {
  const { rows, memberships } = graph
  const id = rows.id(row)
  const resource = rows.resource(row)
  const role = rows.role(row)
  return [...members]
    .sort((one, other) => memberships.compare(one, other))
    .map((membership) => ({ role, resource, via: 'assignment', at: [id, memberships.id(membership)] }))
}

function isPast([id, then]: HeldPlace, from: HeldPlace | undefined, descending: boolean): boolean {
  if (from === undefined) return true
  const [one, other] = id === from[0] ? [then, from[1]] : [id, from[0]]
  return descending ? one < other : one > other
}
