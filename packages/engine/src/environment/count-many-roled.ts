import { ownRoles } from '../decide/own-roles.js'
import { buildGraph } from '../graph/build-graph.js'
import { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import { groupKind, type Holder, holderOf, membershipKind } from '../graph/row-table.js'
import type { Store } from '../store/store.js'
import type { Environment } from './environment.js'
import { scanAll } from './scan-all.js'

/** How many memberships have more than one organization-level role, whoever gave them. Loads every organization. */
export async function countManyRoled(store: Store, environment: Environment): Promise<number> {
  let count = 0
  for await (const { id } of scanAll(store, 'organization')) {
    const loaded = await store.load(id)
    const graph = buildGraph(environment, loaded?.entities ?? [])
    const { ordered } = graph.memberships
    for (let position = 0; position < ordered.length; position++)
      if (organizationLevelRoles(graph, ordered.at(position)).size > 1) count += 1
  }
  return count
}

function organizationLevelRoles(graph: OrganizationGraph, membership: number): ReadonlySet<number> {
  const { memberships, groups } = graph
  const roles = new Set(ownRoles(graph, membership).map(({ role }) => role))
  addHeldOnRoot(graph, holderOf(membershipKind, membership), roles)
  for (let link = memberships.firstLink(membership); link !== none; link = groups.nextOfMembership(link))
    addHeldOnRoot(graph, holderOf(groupKind, groups.group(link)), roles)
  return roles
}

function addHeldOnRoot({ rows, resources }: OrganizationGraph, holder: Holder, roles: Set<number>): void {
  for (let row = rows.first(holder); row !== none; row = rows.nextOfHolder(row))
    if (rows.resource(row) === resources.root) roles.add(rows.role(row))
}
