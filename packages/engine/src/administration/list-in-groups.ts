import {
  type EntityPage,
  type EntityPageOptions,
  type Group,
  type GroupId,
  type Membership,
  type MembershipId,
  type OrganizationId,
} from '@bailiwick/core'
import { requireGroup, requireMembership } from '../commands/find.js'
import { membershipView } from '../commands/views.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import { placesOf } from './entity-page.js'
import { nearAmong, nearInOrder } from './near.js'
import { existing, pageOfRows, type Reading, rowsNear } from './reading.js'

/** The groups of an organization. */
export async function listGroupPage(
  reading: Reading,
  id: OrganizationId,
  page: EntityPageOptions | undefined,
): Promise<EntityPage<Group>> {
  const { groups } = await existing(reading, id)
  const read = rowsNear(reading, id, 'group', nearInOrder([groups.ordered], groups), (group) =>
    groups.id(group),
  )
  return pageOfRows(page, placesOf('group'), read, (group) => group)
}

/** Who is in a group. */
export async function listGroupMemberPage(
  reading: Reading,
  id: OrganizationId,
  groupId: GroupId,
  page: EntityPageOptions | undefined,
): Promise<EntityPage<Membership>> {
  const graph = await existing(reading, id)
  const { memberships } = graph
  requireGroup(graph, groupId)
  const near = nearAmong(() => membersOf(graph, graph.groups.find(groupId)), memberships)
  const read = rowsNear(reading, id, 'membership', near, (entry) => memberships.id(entry))
  return pageOfRows(page, placesOf('membership'), read, (record) => membershipView(graph, record))
}

/** The groups in which a membership is. */
export async function listGroupsOfMembership(
  reading: Reading,
  id: OrganizationId,
  membershipId: MembershipId,
  page: EntityPageOptions | undefined,
): Promise<EntityPage<Group>> {
  const graph = await existing(reading, id)
  const { groups } = graph
  requireMembership(graph, { membershipId })
  const near = nearAmong(() => groupsOf(graph, graph.memberships.findById(membershipId)), groups)
  const read = rowsNear(reading, id, 'group', near, (group) => groups.id(group))
  return pageOfRows(page, placesOf('group'), read, (group) => group)
}

/** The members of a group, as entries. Of `none`, nobody. */
export function* membersOf({ groups }: OrganizationGraph, group: number): Generator<number> {
  const first = group === none ? none : groups.firstLink(group)
  for (let link = first; link !== none; link = groups.nextOfGroup(link)) yield groups.membership(link)
}

/** The groups of a membership, as entries. Of `none`, none. */
export function* groupsOf({ groups, memberships }: OrganizationGraph, membership: number): Generator<number> {
  const first = membership === none ? none : memberships.firstLink(membership)
  for (let link = first; link !== none; link = groups.nextOfMembership(link)) yield groups.group(link)
}
