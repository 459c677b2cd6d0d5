import {
  EntityExists,
  InputInvalid,
  type Membership,
  type MembershipId,
  type MembershipRecord,
  type MembershipRef,
  type MembershipStatus,
  type NewMembership,
  type OrganizationId,
  parseMembershipId,
  parseUserId,
  type RoleId,
} from '@bailiwick/core'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import { holderOf, membershipKind } from '../graph/row-table.js'
import { newId } from '../new-id.js'
import type { Command, CommandContext, Outcome } from './command.js'
import { requireMembership, requireOrganization } from './find.js'
import { membershipRoles } from './membership-roles.js'
import { removalOfMember, removalsOfHolder } from './removals.js'
import { membershipView } from './views.js'

const statuses: readonly MembershipStatus[] = ['active', 'inactive', 'pending']

/** Give a user a place in an organization: one membership a user. */
export function createMembership(input: NewMembership): Command<Membership> {
  const userId = parseUserId(input.userId)
  const given = input.id === undefined ? undefined : parseMembershipId(input.id, 'id')
  const status = parseStatus(input.status ?? 'active')
  const { organizationId, roles } = input
  return (graph, { at, ulid }) => {
    requireOrganization(graph, organizationId)
    const roleIds = roles === undefined ? defaultRoles(graph) : membershipRoles(graph, roles)
    if (graph.findMembership({ userId }) !== none) throw new EntityExists('membership', userId)
    const id = given ?? newId<MembershipId>('membership', ulid)
    if (graph.findMembership({ membershipId: id }) !== none) throw new EntityExists('membership', id)
    return putMembership(graph, {
      id,
      organizationId,
      userId,
      status,
      roleIds,
      rolesChosen: roles !== undefined,
      rolesOverrideDirectory: false,
      directoryGroups: { sso: null, directory: null },
      createdAt: at,
      updatedAt: at,
    })
  }
}

/** Choose the organization-level roles. What the identity provider told before gives way until it tells again. */
export function setMembershipRoles(
  organizationId: OrganizationId,
  ref: MembershipRef,
  roles: readonly string[],
): Command<Membership> {
  return (graph, context) => {
    requireOrganization(graph, organizationId)
    const membership = wholeMembership(graph, ref, context)
    const { sso, directory } = membership.directoryGroups
    return putMembership(graph, {
      ...membership,
      roleIds: membershipRoles(graph, roles),
      rolesChosen: true,
      rolesOverrideDirectory: sso !== null || directory !== null,
      updatedAt: context.at,
    })
  }
}

/** Activate or deactivate a membership. What it holds is kept, and sleeps while it is not active. */
export function setMembershipStatus(
  organizationId: OrganizationId,
  ref: MembershipRef,
  status: MembershipStatus,
): Command<Membership> {
  const parsed = parseStatus(status)
  return (graph, context) => {
    requireOrganization(graph, organizationId)
    return putMembership(graph, {
      ...wholeMembership(graph, ref, context),
      status: parsed,
      updatedAt: context.at,
    })
  }
}

/** Remove a membership, all that it holds, and its place in groups. */
export function deleteMembership(organizationId: OrganizationId, ref: MembershipRef): Command<undefined> {
  return (graph) => {
    requireOrganization(graph, organizationId)
    const { memberships, groups } = graph
    const membership = requireMembership(graph, ref)
    const changes = removalsOfHolder(graph, holderOf(membershipKind, membership))
    for (let link = memberships.firstLink(membership); link !== none; link = groups.nextOfMembership(link))
      changes.push(removalOfMember(graph, groups.group(link), membership))
    changes.push({ op: 'remove', kind: 'membership', id: memberships.id(membership) })
    return { changes, value: undefined }
  }
}

/** The stored form of a membership. @throws {EntityNotFound} `membership_not_found`. */
export function wholeMembership(
  graph: OrganizationGraph,
  ref: MembershipRef,
  { entity }: CommandContext,
): MembershipRecord {
  return entity('membership', graph.memberships.id(requireMembership(graph, ref)))
}

/** The outcome that stores a membership as it is now. */
export function putMembership(graph: OrganizationGraph, entity: MembershipRecord): Outcome<Membership> {
  return { changes: [{ op: 'put', kind: 'membership', entity }], value: membershipView(graph, entity) }
}

/** The default role: the organization's own from its first own role on, the model's otherwise. */
export function defaultRoles({ roleOrder, roles, environment }: OrganizationGraph): readonly RoleId[] {
  if (roleOrder !== undefined) return roleOrder.defaultRoleId === null ? [] : [roleOrder.defaultRoleId]
  const { defaultRole } = environment.model
  return defaultRole === undefined ? [] : [roles.role(roles.bySlug(defaultRole)).id]
}

function parseStatus(status: MembershipStatus): MembershipStatus {
  if (!statuses.includes(status))
    throw new InputInvalid('status', `must be one of ${statuses.join(', ')}`, status)
  return status
}
