import type { MembershipId, ResourceRef } from '@bailiwick/core'
import { allows } from '../decide/decide.js'
import { locateSubject } from '../decide/subject.js'
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
  if (graph.organization === undefined || !graph.environment.model.permissions.has(permission))
    return undefined
  const holder = locateSubject(graph, { membershipId })
  const entry = graph.findResource(resource)
  if (typeof holder === 'string' || entry === none) return undefined
  return allows(graph, holder, graph.environment.permissionIndex(permission), entry)
}
