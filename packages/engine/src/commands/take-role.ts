import {
  EntityNotFound,
  type GroupId,
  HeldThroughGroup,
  type MappingId,
  type RoleAssignment,
  type SubjectRef,
} from '@bailiwick/core'
import { mappedBelow, ownRoles } from '../decide/own-roles.js'
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
    const own =
      place === graph.resources.root && isMembership(subject)
        ? ownRole(graph, subject, role, context)
        : undefined
    // A default role that is the last comes back at once: then the assignment beside it is what can be taken.
    if (own !== undefined && (own.goes || row === none)) return own.outcome
    if (row !== none)
      return { changes: [{ op: 'remove', kind: 'assignment', id: graph.rows.id(row) }], value: undefined }
    const through = whatHolds(graph, holder, place, role)
    if (through !== undefined) throw new HeldThroughGroup(slug, through)
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

/** What it takes to take an organization-level role from a membership, and whether it is gone then. */
function ownRole(
  graph: OrganizationGraph,
  subject: MembershipSubject,
  role: number,
  context: CommandContext,
): { readonly outcome: Outcome<undefined>; readonly goes: boolean } | undefined {
  const membership = wholeMembership(graph, subject, context)
  const { id } = graph.roles.role(role)
  if (!membership.roleIds.includes(id)) return undefined
  const left = membership.roleIds.filter((each) => each !== id)
  const roleIds = left.length > 0 ? left : defaultRoles(graph)
  const { sso, directory } = membership.directoryGroups
  const { changes } = putMembership(graph, {
    ...membership,
    roleIds,
    rolesChosen: left.length > 0,
    rolesOverrideDirectory: left.length > 0 && (sso !== null || directory !== null),
    updatedAt: context.at,
  })
  return { outcome: { changes, value: undefined }, goes: !roleIds.includes(id) }
}

/** The group, or the mapping of one of the identity provider's, through which a membership holds a role. */
function whatHolds(
  graph: OrganizationGraph,
  holder: Holder,
  place: number,
  role: number,
): GroupId | MappingId | undefined {
  if ((holder & 3) !== membershipKind) return undefined
  const { groups, memberships, resources, rows } = graph
  const membership = holder >> 2
  for (let link = memberships.firstLink(membership); link !== none; link = groups.nextOfMembership(link)) {
    const group = groups.group(link)
    if (rows.find(holderOf(groupKind, group), place, role) !== none) return groups.id(group)
  }
  if (place === resources.root)
    return ownRoles(graph, membership).find((own) => own.mapping?.role === role)?.mapping?.id
  for (const mapping of mappedBelow(graph, membership))
    if (mapping.resource === place && mapping.role === role) return mapping.id
  return undefined
}
