import type { DenyReason, SubjectRef } from '@bailiwick/core'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import { agentKind, groupKind, type Holder, holderOf, membershipKind } from '../graph/row-table.js'

/** The subject of a question as a holder, or the reason why it is denied whatever it asks. */
export function locateSubject(graph: OrganizationGraph, subject: SubjectRef): Holder | DenyReason {
  if ('groupId' in subject) {
    const group = graph.groups.find(subject.groupId)
    return group === none ? 'group_unknown' : holderOf(groupKind, group)
  }
  if ('agent' in subject) {
    const agent = graph.findResource(subject.agent)
    return agent === none || !graph.isAgent(agent) ? 'agent_unknown' : holderOf(agentKind, agent)
  }
  return holderOfMembership(graph, graph.findMembership(subject))
}

/** A membership as a holder, where it was found and may be allowed anything. */
export function holderOfMembership(graph: OrganizationGraph, membership: number): Holder | DenyReason {
  if (membership === none) return 'membership_unknown'
  return graph.records.isActive(membership) ? holderOf(membershipKind, membership) : 'membership_inactive'
}
