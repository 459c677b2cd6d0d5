import { EntityNotFound, HeldThroughGroup, type RoleAssignment, type SubjectRef } from '@bailiwick/core'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import { groupKind, type Holder, holderOf, membershipKind } from '../graph/row-table.js'
import type { Command, CommandContext, Outcome } from './command.js'
import { requireHolder, requireOrganization, requirePlace, requireRole } from './find.js'
import { defaultRoles, putMembership, wholeMembership } from './memberships.js'

/**
 * Take back a role that a subject holds on a resource by itself: the assignment, or the organization-level role of a
 * membership, which falls back to the default role when it was the last.
 *
 * @throws {EntityNotFound} `assignment_not_found` when it is not held; {HeldThroughGroup} when a group gives it.
 */
export function takeRole({
  organizationId,
  subject,
  role: slug,
  resource,
}: RoleAssignment): Command<undefined> {
  return (graph, context) => {
    requireOrganization(graph, organizationId)
    const holder = requireHolder(graph, subject)
    const role = requireRole(graph, slug)
    const place = requirePlace(graph, resource)
    const row = graph.rows.find(holder, place, role)
    if (row !== none)
      return { changes: [{ op: 'remove', kind: 'assignment', id: graph.rows.id(row) }], value: undefined }
    if (place === graph.resources.root && isMembership(subject)) {
      const outcome = takeOwnRole(graph, subject, role, context)
      if (outcome !== undefined) return outcome
    }
    const group = groupThatHolds(graph, holder, place, role)
    if (group !== none) throw new HeldThroughGroup(slug, graph.groups.id(group))
    throw new EntityNotFound('assignment', slug)
  }
}

type MembershipSubject = Extract<
  SubjectRef,
  { readonly membershipId: unknown } | { readonly userId: unknown }
>

function isMembership(subject: SubjectRef): subject is MembershipSubject {
  return 'membershipId' in subject || 'userId' in subject
}

function takeOwnRole(
  graph: OrganizationGraph,
  subject: MembershipSubject,
  role: number,
  context: CommandContext,
): Outcome<undefined> | undefined {
  const membership = wholeMembership(graph, subject, context)
  const { id } = graph.roles.role(role)
  if (!membership.roleIds.includes(id)) return undefined
  const left = membership.roleIds.filter((each) => each !== id)
  const { sso, directory } = membership.directoryGroups
  const { changes } = putMembership(graph, {
    ...membership,
    roleIds: left.length > 0 ? left : defaultRoles(graph),
    rolesChosen: left.length > 0,
    rolesOverrideDirectory: left.length > 0 && (sso !== null || directory !== null),
    updatedAt: context.at,
  })
  return { changes, value: undefined }
}

function groupThatHolds(graph: OrganizationGraph, holder: Holder, place: number, role: number): number {
  if ((holder & 3) !== membershipKind) return none
  const { groups, memberships, rows } = graph
  for (let link = memberships.firstLink(holder >> 2); link !== none; link = groups.nextOfMembership(link)) {
    const group = groups.group(link)
    if (rows.find(holderOf(groupKind, group), place, role) !== none) return group
  }
  return none
}
