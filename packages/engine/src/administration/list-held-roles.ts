import {
  type EntityPageOptions,
  type HeldRolePage,
  type HeldRolesFilter,
  type MembershipId,
  type OrganizationId,
  type ResourceRef,
} from '@bailiwick/core'
import { requireMembership, requireResource } from '../commands/find.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import { groupKind, holderOf, membershipKind } from '../graph/row-table.js'
import { type IdRange, pageOf } from '../store/range.js'
import { entityPage } from './entity-page.js'
import { type Held, type HeldPlace, type HeldRange, heldByRows, heldByThemselves, only } from './held.js'
import { factOf, viewsOf } from './held-role-views.js'
import { rowsOfHolder } from './list-assignments.js'
import { groupsOf, membersOf } from './list-in-groups.js'
import { existing, type Reading } from './reading.js'

/** Every role that a membership holds, anywhere or where a filter says. */
export async function listRolesOfMembership(
  reading: Reading,
  id: OrganizationId,
  membershipId: MembershipId,
  { resource: ref, type, externalId }: HeldRolesFilter,
  page: EntityPageOptions | undefined,
): Promise<HeldRolePage> {
  const graph = await existing(reading, id)
  requireMembership(graph, { membershipId })
  if (ref !== undefined) requireResource(graph, ref)
  return pageOfHeld(reading, id, graph, page, () => {
    // Looked up each time that something is read: what goes meanwhile leaves its entry to others.
    const membership = graph.memberships.findById(membershipId)
    const resource = ref && graph.findResource(ref)
    // A type and an external id name one resource, the root by either of its external ids.
    const named =
      type === undefined || externalId === undefined ? undefined : graph.findResource({ type, externalId })
    const isHere = (place: number) => {
      if (resource !== undefined && place !== resource) return false
      if (named !== undefined) return place === named
      const address =
        type === undefined && externalId === undefined ? undefined : graph.resources.address(place)
      return (
        address === undefined ||
        (address.type === (type ?? address.type) && address.externalId === (externalId ?? address.externalId))
      )
    }
    return {
      themselves: (range) =>
        membership === none ? [] : heldByThemselves(graph, only(graph, membership), range),
      rows: (range) =>
        heldByRows(
          graph,
          () => rowsOfMembership(graph, membership, isHere),
          () => [membership],
          range,
        ),
      isWanted: (held) => isHere(held.resource),
    }
  })
}

/** Every role that a membership holds on this very resource. A role that is unknown is held by nobody. */
export async function listRolesOnResource(
  reading: Reading,
  id: OrganizationId,
  ref: ResourceRef,
  { role: slug }: { readonly role?: string },
  page: EntityPageOptions | undefined,
): Promise<HeldRolePage> {
  const graph = await existing(reading, id)
  requireResource(graph, ref)
  const { resources, mappings, memberships, roles } = graph
  return pageOfHeld(reading, id, graph, page, () => {
    const resource = graph.findResource(ref)
    const role = slug === undefined ? undefined : roles.bySlug(slug)
    const isHeldHere = resource === resources.root || mappings.on(resource).length > 0
    return {
      themselves: (range) => (isHeldHere ? heldByThemselves(graph, memberships.ordered, range) : []),
      rows: (range) =>
        heldByRows(
          graph,
          () => rowsOnResource(graph, resource, role),
          (row) => holdersOf(graph, row),
          range,
        ),
      isWanted: (held) => held.resource === resource && (role === undefined || held.role === role),
    }
  })
}

/** The two parts of a list of held roles: what is held without an assignment comes first. */
interface Parts {
  readonly themselves: (range: HeldRange) => Iterable<Held>
  readonly rows: (range: HeldRange) => Iterable<Held>
  readonly isWanted: (held: Held) => boolean
}

async function pageOfHeld(
  { store }: Reading,
  id: OrganizationId,
  graph: OrganizationGraph,
  options: EntityPageOptions = {},
  partsNow: () => Parts,
): Promise<HeldRolePage> {
  const { items, before, after } = await entityPage(options, isPlace, placeOf, async (page) => {
    const parts = partsNow()
    return pageOf(page, (range) => take(parts, range).map((held) => factOf(graph, held)))
  })
  return { items: await viewsOf(store, id, graph, items), before, after }
}

function take({ themselves, rows, isWanted }: Parts, range: IdRange): readonly Held[] {
  const { descending, limit } = range
  const text = descending ? range.below : range.above
  const from = text === undefined ? undefined : (text.split('/') as unknown as HeldPlace)
  const isAmongRows = text?.startsWith(rowStart) === true
  const inOrder = descending ? [rows, themselves] : [themselves, rows]
  const found: Held[] = []
  for (const part of inOrder) {
    const isPart = from === undefined || (part === rows) === isAmongRows
    // Wholly before the place, seen in the direction in which it goes.
    if (!isPart && part === inOrder[0]) continue
    for (const held of part({ from: isPart ? from : undefined, descending })) {
      if (!isWanted(held)) continue
      found.push(held)
      if (found.length === limit) return found
    }
  }
  return found
}

const rowStart = 'role_assignment_'
const place =
  /^(om_[\w-]{1,64}\/(role|idp_mapping)_[\w-]{1,64}|role_assignment_[0-9A-HJKMNP-TV-Z]{26}\/om_[\w-]{1,64})$/

function isPlace(text: string): boolean {
  return place.test(text)
}

function placeOf({ at }: Pick<Held, 'at'>): string {
  return at.join('/')
}

function* rowsOfMembership(
  graph: OrganizationGraph,
  membership: number,
  isWanted: (resource: number) => boolean,
): Generator<number> {
  if (membership === none) return
  const holders = [holderOf(membershipKind, membership)]
  for (const group of groupsOf(graph, membership)) holders.push(holderOf(groupKind, group))
  for (const holder of holders)
    for (const row of rowsOfHolder(graph, holder)) if (isWanted(graph.rows.resource(row))) yield row
}

function* rowsOnResource(
  { resources, rows }: OrganizationGraph,
  resource: number,
  role: number | undefined,
): Generator<number> {
  const first = resource === none ? none : resources.firstRow(resource)
  for (let row = first; row !== none; row = rows.nextOnResource(row))
    if (role === undefined || rows.role(row) === role) yield row
}

/** The memberships that hold a row; agents are none. */
function holdersOf(graph: OrganizationGraph, row: number): readonly number[] {
  const holder = graph.rows.holder(row)
  switch (holder & 3) {
    case membershipKind:
      return [holder >> 2]
    case groupKind:
      return [...membersOf(graph, holder >> 2)]
    default:
      return []
  }
}
