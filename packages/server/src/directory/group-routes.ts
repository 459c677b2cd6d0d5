import { EntityNotFound, type Group, type GroupId, type OrganizationId, type Written } from '@bailiwick/core'
import {
  addGroupMember,
  createGroup,
  defined,
  deleteGroup,
  getGroup,
  listGroupMembers,
  listGroups,
  pageOf,
  removeGroupMember,
  renderGroup,
  renderList,
  renderPlainMembership,
  updateGroup,
} from '@bailiwick/wire'
import { type Route, route, type Service } from '../http/route.js'

/** Groups and who is in them. */
export function groupRoutes({ engine, engineFor }: Service): readonly Route[] {
  return [
    route(createGroup, async ({ params, body: { name, description } }, context) =>
      written(
        await engineFor(context).createGroup({
          organizationId: params.organization_id,
          name,
          ...(description && { description }),
        }),
      ),
    ),
    route(listGroups, async ({ params, query }) => {
      const page = await engine.listGroupPage(params.organization_id, pageOf(query))
      return { body: renderList(page, renderGroup, query) }
    }),
    route(getGroup, async ({ params }) => ({
      body: renderGroup(await existing(params.organization_id, params.group_id)),
    })),
    route(updateGroup, async ({ params, body }, context) =>
      written(await engineFor(context).renameGroup(params.organization_id, params.group_id, defined(body))),
    ),
    route(deleteGroup, async ({ params }, context) => {
      const { token } = await engineFor(context).deleteGroup(params.organization_id, params.group_id)
      return { body: undefined, token }
    }),
    route(listGroupMembers, async ({ params, query }) => {
      const { organization_id: organizationId, group_id: groupId } = params
      const organization = await engine.getOrganization(organizationId)
      const page = await engine.listGroupMemberPage(organizationId, groupId, pageOf(query))
      const surroundings = { organizationName: organization?.name ?? '' }
      return {
        body: renderList(page, (membership) => renderPlainMembership(membership, surroundings), query),
      }
    }),
    route(addGroupMember, async ({ params, body }, context) => {
      const { organization_id: organizationId, group_id: groupId } = params
      const membership = { membershipId: body.organization_membership_id }
      const { token } = await engineFor(context).addGroupMember(organizationId, groupId, membership)
      return { body: renderGroup(await existing(organizationId, groupId)), token }
    }),
    route(removeGroupMember, async ({ params }, context) => {
      const membership = { membershipId: params.organization_membership_id }
      const { organization_id: organizationId, group_id: groupId } = params
      const { token } = await engineFor(context).removeGroupMember(organizationId, groupId, membership)
      return { body: undefined, token }
    }),
  ]

  async function existing(organizationId: OrganizationId, groupId: GroupId): Promise<Group> {
    const group = await engine.findGroup(organizationId, groupId)
    if (group === undefined) throw new EntityNotFound('group', groupId)
    return group
  }
}

function written({ value, token }: Written<Group>) {
  return { body: renderGroup(value), token }
}
