import type { RoleInUse } from '@bailiwick/core'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'

/**
 * Count what depends on a role of the organization. It looks through the organization, which only the deletion of
 * a role does.
 */
export function dependentsOfRole(graph: OrganizationGraph, role: number): RoleInUse['dependents'] {
  return {
    // Also where it counts for nothing now, because the identity provider says otherwise.
    memberships: graph.memberships.withRole(role).length,
    assignments: countAssignments(graph, role),
    mappings: [...graph.mappings.all()].filter((mapping) => mapping.role === role).length,
    isDefault: graph.roleOrder?.defaultRoleId === graph.roles.role(role).id,
  }
}

/** A role is held on resources of its own type, so no others need looking at. */
function countAssignments({ resources, rows, roles, environment }: OrganizationGraph, role: number): number {
  const type = environment.typeIndex(roles.role(role).on)
  const places = type === resources.type(resources.root) ? [resources.root] : entries(resources.ofType(type))
  let count = 0
  for (const resource of places) {
    for (let row = resources.firstRow(resource); row !== none; row = rows.nextOnResource(row))
      if (rows.role(row) === role) count += 1
  }
  return count
}

function* entries(ordered: { readonly length: number; at(position: number): number }): Generator<number> {
  for (let position = 0; position < ordered.length; position++) yield ordered.at(position)
}
