import { anyGrant } from '../decide/grants.js'
import { mappedBelow } from '../decide/own-roles.js'
import { walkGrants } from '../decide/walk.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import { groupKind, type Holder, holderOf, membershipKind } from '../graph/row-table.js'

/** Where a subject's grants of one permission hold, and where it is denied: there and on everything below. */
export interface Reach {
  /** In no order, and perhaps repeated. The root alone where the whole organization is granted. */
  readonly tops: readonly number[]
  readonly denied: readonly number[]
}

/**
 * Find where a permission reaches. It is the same question as a check, from the other end: a check allows on a
 * resource iff a top lies on its way up, and nothing denied does.
 *
 * @param most - How many assignments to look at before giving up.
 * @returns `undefined` when the subject has more.
 */
export function reachOf(
  graph: OrganizationGraph,
  holder: Holder,
  permission: number,
  most: number,
): Reach | undefined {
  const { resources, rows, roles } = graph
  const denied = singles(graph, holder, permission, 'deny')
  // Which roles count on the organization itself depends on more than assignments: the walk knows.
  if (walkGrants(graph, holder, permission, resources.root, anyGrant))
    return { tops: [resources.root], denied }
  const tops = [...singles(graph, holder, permission, 'allow')]
  let left = most
  for (const each of selfAndGroups(graph, holder)) {
    if ((rows.manyByResource(each)?.size ?? 0) > left) return undefined
    for (let row = rows.first(each); row !== none; row = rows.nextOfHolder(row)) {
      if (--left < 0) return undefined
      const resource = rows.resource(row)
      if (resource !== resources.root && roles.holds(rows.role(row), permission)) tops.push(resource)
    }
  }
  if ((holder & 3) === membershipKind && graph.mappings.size > 0) {
    for (const { role, resource } of mappedBelow(graph, holder >> 2))
      if (roles.holds(role, permission)) tops.push(resource)
  }
  return { tops, denied }
}

/** Those whose assignments and exclusions are a subject's: itself, and the groups that a membership is in. */
function* selfAndGroups(graph: OrganizationGraph, holder: Holder): Generator<Holder, void> {
  yield holder
  if ((holder & 3) !== membershipKind) return
  const { groups, memberships } = graph
  for (let link = memberships.firstLink(holder >> 2); link !== none; link = groups.nextOfMembership(link))
    yield holderOf(groupKind, groups.group(link))
}

function singles(
  graph: OrganizationGraph,
  holder: Holder,
  permission: number,
  effect: 'deny' | 'allow',
): readonly number[] {
  if (graph.exclusions.size === 0) return []
  const resources: number[] = []
  for (const each of selfAndGroups(graph, holder)) {
    for (const exclusion of graph.exclusions.of(each))
      if (exclusion.permission === permission && exclusion.effect === effect)
        resources.push(exclusion.resource)
  }
  return resources
}
