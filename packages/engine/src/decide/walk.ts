import type { ExclusionEntry } from '../graph/exclusion-table.js'
import type { Mapping } from '../graph/mapping-table.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import { groupKind, type Holder, holderOf, membershipKind } from '../graph/row-table.js'
import { countingRole } from './counting-role.js'
import { mappedBelow, type OwnRole, ownRoles } from './own-roles.js'

/** Hears of each grant that is found. Answering `true` ends the walk. */
export interface GrantSink {
  own(role: number): boolean
  /** @param holder - The subject itself, or a group that it is in. */
  row(row: number, holder: Holder): boolean
  mapping(mapping: Mapping): boolean
  single(exclusion: ExclusionEntry): boolean
}

/**
 * The way from a resource to the root, as entries. One for all walks: a walk never waits. Most ways have up to four
 * steps, so that the first four places are compared without a loop; those that are not taken hold no entry.
 */
const path = new Int32Array(64)
const unrolled = 4
const nowhere = -2
let length = 0

/**
 * Find what grants a permission: the subject's organization-level roles, then what it and its groups hold on the
 * resource and on every ancestor, then single permissions. Denials are not looked at here.
 *
 * @returns whether the sink ended it.
 */
export function walkGrants(
  graph: OrganizationGraph,
  holder: Holder,
  permission: number,
  resource: number,
  sink: GrantSink,
): boolean {
  takePath(graph, resource)
  const { environment, records } = graph
  if ((holder & 3) === membershipKind) {
    const membership = holder >> 2
    if (walkOwn(graph, membership, permission, sink)) return true
    const single = environment.singleRole
    if (walkRows(graph, holder, permission, sink, single)) return true
    for (let link = records.firstLinkOf(membership); link !== none; link = records.nextLink(link)) {
      if (walkRows(graph, holderOf(groupKind, records.groupOf(link)), permission, sink, single)) return true
    }
  } else if (walkRows(graph, holder, permission, sink, false)) return true
  return records.exceptions > 0 && walkExceptions(graph, holder, permission, sink)
}

/** Find what denies a permission to a subject on a resource, whatever grants it. Walks on from `walkGrants`. */
export function walkDenials(
  graph: OrganizationGraph,
  holder: Holder,
  permission: number,
  resource: number,
  sink: Pick<GrantSink, 'single'>,
): boolean {
  if (graph.records.exceptions === 0 || !graph.exclusions.denies(permission)) return false
  takePath(graph, resource)
  return walkExclusions(graph, holder, permission, 'deny', sink)
}

/** As `walkGrants`, among the organization-level roles of a membership alone. */
export function walkOwn(
  graph: OrganizationGraph,
  membership: number,
  permission: number,
  sink: GrantSink,
): boolean {
  if (graph.environment.singleRole) return walkWinner(graph, membership, permission, sink)
  const sole = graph.records.roleWordOf(membership)
  if (sole >= 0) return graph.records.holds(sole, permission) && sink.own(sole)
  if (sole === none) return false
  for (const own of ownRoles(graph, membership)) {
    if (graph.records.holds(own.role, permission) && tellOwn(own, sink)) return true
  }
  return false
}

/** In single-role mode one organization-level role counts. Whatever gives it is a grant. */
function walkWinner(
  graph: OrganizationGraph,
  membership: number,
  permission: number,
  sink: GrantSink,
): boolean {
  const counting = countingRole(graph, membership)
  if (counting === undefined || !graph.records.holds(counting.role, permission)) return false
  return counting.sources.some((source) =>
    typeof source === 'number' ? sink.row(source, graph.rows.holder(source)) : tellOwn(source, sink),
  )
}

function walkRows(
  graph: OrganizationGraph,
  holder: Holder,
  permission: number,
  sink: GrantSink,
  belowRootOnly: boolean,
): boolean {
  const { records } = graph
  const many = records.anyCrowded ? graph.rows.manyByResource(holder) : undefined
  if (many !== undefined) return walkMany(graph, holder, many, permission, sink, belowRootOnly)
  for (let row = firstRow(graph, holder); row !== none; row = records.nextRow(row)) {
    // Where it lies first: most rows of a subject lie elsewhere.
    const at = records.resourceOf(row)
    if (!onPath(at) || !graph.records.holds(records.roleOf(row), permission)) continue
    if (belowRootOnly && at === graph.resources.root) continue
    if (sink.row(row, holder)) return true
  }
  return false
}

function firstRow({ records, rows }: OrganizationGraph, holder: Holder): number {
  switch (holder & 3) {
    case membershipKind:
      return records.firstRowOf(holder >> 2)
    case groupKind:
      return records.firstRowOfGroup(holder >> 2)
    default:
      return rows.first(holder)
  }
}

function walkMany(
  graph: OrganizationGraph,
  holder: Holder,
  many: ReadonlyMap<number, readonly number[]>,
  permission: number,
  sink: GrantSink,
  belowRootOnly: boolean,
): boolean {
  const steps = belowRootOnly ? length - 1 : length
  for (let step = 0; step < steps; step++) {
    for (const row of many.get(path[step] as number) ?? []) {
      if (graph.records.holds(graph.records.roleOf(row), permission) && sink.row(row, holder)) return true
    }
  }
  return false
}

/** What the identity provider's groups give below the organization, and single permissions. */
function walkExceptions(
  graph: OrganizationGraph,
  holder: Holder,
  permission: number,
  sink: GrantSink,
): boolean {
  if ((holder & 3) === membershipKind) {
    for (const mapping of mappedBelow(graph, holder >> 2)) {
      if (graph.records.holds(mapping.role, permission) && onPath(mapping.resource) && sink.mapping(mapping))
        return true
    }
  }
  return walkExclusions(graph, holder, permission, 'allow', sink)
}

function walkExclusions(
  graph: OrganizationGraph,
  holder: Holder,
  permission: number,
  effect: 'deny' | 'allow',
  sink: Pick<GrantSink, 'single'>,
): boolean {
  if (tellExclusions(graph, holder, permission, effect, sink)) return true
  if ((holder & 3) !== membershipKind) return false
  const { groups } = graph
  for (
    let link = graph.memberships.firstLink(holder >> 2);
    link !== none;
    link = groups.nextOfMembership(link)
  ) {
    if (tellExclusions(graph, holderOf(groupKind, groups.group(link)), permission, effect, sink)) return true
  }
  return false
}

function tellExclusions(
  graph: OrganizationGraph,
  holder: Holder,
  permission: number,
  effect: 'deny' | 'allow',
  sink: Pick<GrantSink, 'single'>,
): boolean {
  for (const exclusion of graph.exclusions.of(holder)) {
    if (exclusion.permission !== permission || exclusion.effect !== effect) continue
    if (onPath(exclusion.resource) && sink.single(exclusion)) return true
  }
  return false
}

function tellOwn({ role, mapping }: OwnRole, sink: GrantSink): boolean {
  return mapping === undefined ? sink.own(role) : sink.mapping(mapping)
}

function takePath({ records }: OrganizationGraph, resource: number): void {
  length = 0
  for (let entry = resource; entry !== none; entry = records.parentOf(entry)) path[length++] = entry
  for (let step = length; step < unrolled; step++) path[step] = nowhere
}

function onPath(resource: number): boolean {
  if (resource === path[0] || resource === path[1] || resource === path[2] || resource === path[3])
    return true
  for (let step = unrolled; step < length; step++) if (path[step] === resource) return true
  return false
}
