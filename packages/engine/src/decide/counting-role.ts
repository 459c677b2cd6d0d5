import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import { groupKind, type Holder, holderOf, membershipKind } from '../graph/row-table.js'
import { type OwnRole, ownRoles } from './own-roles.js'

/** The organization-level role that counts in single-role mode, and everything that gives it. */
export interface CountingRole {
  readonly role: number
  /** Its place in the order of priority; 0 is the highest. */
  readonly priority: number
  /** By itself or by a mapping, or as a row of the row table. */
  readonly sources: readonly (OwnRole | number)[]
}

/** In single-role mode one organization-level role counts, whoever gave it: the one of highest priority. */
export function countingRole(graph: OrganizationGraph, membership: number): CountingRole | undefined {
  const { rows, groups, resources } = graph
  let priority = Number.POSITIVE_INFINITY
  let counting = none
  let sources: (OwnRole | number)[] = []
  const consider = (role: number, source: OwnRole | number) => {
    const place = graph.priorityOf(role)
    if (place > priority) return
    if (place < priority) sources = []
    priority = place
    counting = role
    sources.push(source)
  }
  for (const own of ownRoles(graph, membership)) consider(own.role, own)
  const considerRows = (holder: Holder) => {
    const many = rows.manyByResource(holder)
    if (many !== undefined) for (const row of many.get(resources.root) ?? []) consider(rows.role(row), row)
    else {
      for (let row = rows.first(holder); row !== none; row = rows.nextOfHolder(row)) {
        if (rows.resource(row) === resources.root) consider(rows.role(row), row)
      }
    }
  }
  considerRows(holderOf(membershipKind, membership))
  for (
    let link = graph.memberships.firstLink(membership);
    link !== none;
    link = groups.nextOfMembership(link)
  ) {
    considerRows(holderOf(groupKind, groups.group(link)))
  }
  return counting === none ? undefined : { role: counting, priority, sources }
}
