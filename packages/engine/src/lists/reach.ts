import { anyGrant } from '../decide/grants.js'
import { mappedBelow } from '../decide/own-roles.js'
import { walkGrants, walkOwn } from '../decide/walk.js'
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
  const { resources, records } = graph
  const reach: CollectedReach = { tops: [], denied: [], left: most }
  const reachesAll = reachesRoot(graph, holder, permission)
  if (reachesAll) reach.tops.push(resources.root)
  // Then only denials are left to be found.
  if (reachesAll && graph.exclusions.size === 0) return reach
  collect(graph, holder, permission, reach, reachesAll)
  if ((holder & 3) === membershipKind) {
    const membership = holder >> 2
    for (let link = records.firstLinkOf(membership); link !== none; link = records.nextLink(link))
      collect(graph, holderOf(groupKind, records.groupOf(link)), permission, reach, reachesAll)
    if (!reachesAll && graph.mappings.size > 0) {
      for (const { role, resource } of mappedBelow(graph, membership))
        if (records.holds(role, permission)) reach.tops.push(resource)
    }
  }
  return reach.left < 0 ? undefined : reach
}

/** Which roles count on the organization itself depends on more than assignments: the walk knows. */
function reachesRoot(graph: OrganizationGraph, holder: Holder, permission: number): boolean {
  const { resources, records } = graph
  // Mostly no assignment lies on it, and nobody need go through those of all groups to see that.
  if (records.exceptions > 0 || resources.firstRow(resources.root) !== none)
    return walkGrants(graph, holder, permission, resources.root, anyGrant)
  return (holder & 3) === membershipKind && walkOwn(graph, holder >> 2, permission, anyGrant)
}

interface CollectedReach {
  readonly tops: number[]
  readonly denied: number[]
  /** How many assignments may still be looked at; less than 0 when there were too many. */
  left: number
}

/** What one holder by itself holds below the organization, and what it is denied. */
function collect(
  graph: OrganizationGraph,
  holder: Holder,
  permission: number,
  reach: CollectedReach,
  reachesAll: boolean,
): void {
  const { resources, rows, records, exclusions } = graph
  if (exclusions.size > 0) collectExceptions(graph, holder, permission, reach, reachesAll)
  if (reachesAll || reach.left < 0) return
  if (records.anyCrowded && (rows.manyByResource(holder)?.size ?? 0) > reach.left) reach.left = -1
  for (let row = rows.first(holder); row !== none; row = records.nextRow(row)) {
    if (--reach.left < 0) return
    if (!records.holds(records.roleOf(row), permission)) continue
    const resource = records.resourceOf(row)
    if (resource !== resources.root) reach.tops.push(resource)
  }
}

function collectExceptions(
  { exclusions }: OrganizationGraph,
  holder: Holder,
  permission: number,
  reach: CollectedReach,
  reachesAll: boolean,
): void {
  for (const { permission: about, effect, resource } of exclusions.of(holder)) {
    if (about !== permission) continue
    if (effect === 'deny') reach.denied.push(resource)
    else if (!reachesAll) reach.tops.push(resource)
  }
}
