import type { CheckQuestion, Decision, Deny, DenyReason, Grant } from '@bailiwick/core'
import type { MembershipNode, ResourceNode } from '../graph/nodes.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { nearestMisses } from './nearest-misses.js'

/** A check names a handful of near misses; `explain` names them all. */
const missesInACheck = 5

/**
 * Answer a check from the graph: the first grant found, organization roles first, then from the resource upward.
 *
 * @throws {PermissionUnknown} when the model has no such permission.
 */
export function decide(graph: OrganizationGraph, question: CheckQuestion): Decision {
  const permission = graph.environment.permissionIndex(question.permission)
  const located = locate(graph, question)
  if (typeof located === 'string') return deny(located)
  for (const grant of grants(graph, located, permission)) return { kind: 'allow', grants: [grant] }
  return {
    ...deny('no_grant'),
    nearestMisses: nearestMisses(graph, located.resource, question.permission, missesInACheck),
  }
}

/** A question whose membership may be asked for and whose resource exists. */
export interface Located {
  readonly membership: MembershipNode
  readonly resource: ResourceNode
}

/** Find what a question names, or the first reason why it is denied without looking further. */
export function locate(graph: OrganizationGraph, question: CheckQuestion): Located | DenyReason {
  if (graph.organization === undefined) return 'organization_unknown'
  const membership = graph.findMembership(question.subject)
  if (membership === undefined) return 'membership_unknown'
  if (membership.entity.status !== 'active') return 'membership_inactive'
  const resource = question.resource === undefined ? graph.root : graph.findResource(question.resource)
  return resource === undefined ? 'resource_unknown' : { membership, resource }
}

/** Every grant that makes an allow true, one at a time, so that a check pays for the first only. */
export function* grants(
  graph: OrganizationGraph,
  { membership, resource }: Located,
  permission: number,
): Generator<Grant, void> {
  const root = graph.root
  for (const role of membership.roles) {
    if (root !== undefined && role.permissions.has(permission)) {
      yield { from: 'membership', role: role.slug, on: root.address }
    }
  }
  // A membership without assignments is the common case in a large organization: nothing to walk for.
  if (membership.assignments.size === 0) return
  for (let node: ResourceNode | undefined = resource; node !== undefined; node = node.parent) {
    for (const { entity, role } of membership.assignments.get(node) ?? []) {
      if (role?.permissions.has(permission)) {
        yield { from: 'assignment', assignmentId: entity.id, role: role.slug, on: node.address }
      }
    }
  }
}

function deny(reason: DenyReason): Deny {
  return { kind: 'deny', reason, nearestMisses: [] }
}
