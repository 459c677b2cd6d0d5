import type { NearestMiss } from '@bailiwick/core'
import type { ResourceNode } from '../graph/nodes.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'

/** The roles that would grant a permission here, each on the nearest resource where it can be held. */
export function nearestMisses(
  graph: OrganizationGraph,
  resource: ResourceNode,
  permission: string,
  most: number = Number.POSITIVE_INFINITY,
): readonly NearestMiss[] {
  const roles = graph.environment.rolesGranting(permission)
  const misses: NearestMiss[] = []
  for (let node: ResourceNode | undefined = resource; node !== undefined; node = node.parent) {
    for (const role of roles) {
      if (role.on !== node.entity.type) continue
      if (misses.length === most) return misses
      misses.push({ role: role.slug, on: node.address })
    }
  }
  return misses
}
