import {
  EntityNotFound,
  type Group,
  type GroupId,
  type GroupMemberRecord,
  type MembershipRef,
  type NewGroup,
  type OrganizationId,
  parseDescription,
  parseName,
} from '@bailiwick/core'
import { none } from '../graph/resource-table.js'
import { groupKind, holderOf } from '../graph/row-table.js'
import { newId } from '../new-id.js'
import type { Command, Outcome } from './command.js'
import { requireGroup, requireMembership, requireOrganization } from './find.js'
import { removalOfMember, removalsOfHolder } from './removals.js'

/** Make a group, with nobody in it. Two groups may have one name. */
export function createGroup(input: NewGroup): Command<Group> {
  const name = parseName(input.name)
  const description = parseDescription(input.description)
  const { organizationId } = input
  return (graph, { at, ulid }) => {
    requireOrganization(graph, organizationId)
    const id = newId<GroupId>('group', ulid)
    return put({ id, organizationId, name, description, createdAt: at, updatedAt: at })
  }
}

/** Change what people read. */
export function renameGroup(
  organizationId: OrganizationId,
  groupId: GroupId,
  to: { readonly name?: string; readonly description?: string | null },
): Command<Group> {
  const name = to.name === undefined ? {} : { name: parseName(to.name) }
  const description = to.description === undefined ? {} : { description: parseDescription(to.description) }
  return (graph, { at, entity }) => {
    requireOrganization(graph, organizationId)
    requireGroup(graph, groupId)
    return put({ ...entity('group', groupId), ...name, ...description, updatedAt: at })
  }
}

/** Delete a group: its members stay, and lose what came through it at once. */
export function deleteGroup(organizationId: OrganizationId, groupId: GroupId): Command<undefined> {
  return (graph) => {
    requireOrganization(graph, organizationId)
    const { groups } = graph
    const group = requireGroup(graph, groupId)
    const changes = removalsOfHolder(graph, holderOf(groupKind, group))
    for (let link = groups.firstLink(group); link !== none; link = groups.nextOfGroup(link))
      changes.push(removalOfMember(graph, group, groups.membership(link)))
    changes.push({ op: 'remove', kind: 'group', id: groupId })
    return { changes, value: undefined }
  }
}

/** Put a membership in a group. It need not be active: it sleeps in the group as well. */
export function addGroupMember(
  organizationId: OrganizationId,
  groupId: GroupId,
  ref: MembershipRef,
): Command<undefined> {
  return (graph, { at }) => {
    requireOrganization(graph, organizationId)
    const group = requireGroup(graph, groupId)
    const membership = requireMembership(graph, ref)
    if (graph.groups.findLink(group, membership) !== none) return { changes: [], value: undefined }
    const membershipId = graph.memberships.id(membership)
    const id = `${groupId}/${membershipId}` as const
    const entity: GroupMemberRecord = { id, groupId, membershipId, createdAt: at }
    return { changes: [{ op: 'put', kind: 'group_member', entity }], value: undefined }
  }
}

/** Take a membership out of a group: it loses what came through that group, and nothing else. */
export function removeGroupMember(
  organizationId: OrganizationId,
  groupId: GroupId,
  ref: MembershipRef,
): Command<undefined> {
  return (graph) => {
    requireOrganization(graph, organizationId)
    const group = requireGroup(graph, groupId)
    const membership = requireMembership(graph, ref)
    if (graph.groups.findLink(group, membership) === none)
      throw new EntityNotFound('group_member', graph.memberships.id(membership))
    return { changes: [removalOfMember(graph, group, membership)], value: undefined }
  }
}

function put(entity: Group): Outcome<Group> {
  return { changes: [{ op: 'put', kind: 'group', entity }], value: entity }
}
