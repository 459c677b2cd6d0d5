import type { PermissionsQuestion } from '@bailiwick/core'
import { allows } from '../decide/decide.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import { locateAll } from './locate.js'

/**
 * The slug of every permission on which a check would allow, sorted. None for who or what is unknown.
 *
 * @throws {InputInvalid} for a chain of parties beyond its limit.
 */
export function effectivePermissions(
  graph: OrganizationGraph,
  question: PermissionsQuestion,
): readonly string[] {
  const holders = locateAll(graph, question)
  const resource =
    question.resource === undefined ? graph.resources.root : graph.findResource(question.resource)
  if (holders === undefined || resource === none) return []
  const slugs: string[] = []
  for (let permission = 0; permission < graph.environment.permissionCount; permission++) {
    if (holders.every((holder) => allows(graph, holder, permission, resource)))
      slugs.push(graph.environment.permissionSlug(permission))
  }
  return slugs.sort()
}
