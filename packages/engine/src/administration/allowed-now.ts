import type { MembershipId, ResourceRef } from '@bailiwick/core'
import { allows } from '../decide/decide.js'
import { locate } from '../decide/locate.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'

/**
 * Whether a membership is allowed, where everything that the question names is there. `undefined` where something is
 * not, or sleeps: then there is a reason to be told, and `check` tells it.
 */
export function allowedNow(
  graph: OrganizationGraph,
  membershipId: MembershipId,
  permission: string,
  resource: ResourceRef,
): boolean | undefined {
  if (!graph.environment.model.permissions.has(permission)) return undefined
  const located = locate(graph, { membershipId }, resource)
  if (typeof located === 'string' || located.resource === none) return undefined
  return allows(graph, located.holder, graph.environment.permissionIndex(permission), located.resource)
}
