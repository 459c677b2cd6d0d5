import { z } from 'zod'
import { groupId, membershipId, organizationId } from '../ids.js'
import { listOf, listQuery } from '../lists.js'
import { operation } from '../operation.js'
import { groupChangesJson, groupJson, groupMemberJson, newGroupJson } from './groups.js'
import { plainMembershipJson } from './memberships.js'

const tag = 'Groups'
const organization = z.object({ organization_id: organizationId })
const params = organization.extend({ group_id: groupId })
const groupErrors = ['organization_not_found', 'group_not_found']

/** `POST /organizations/{organization_id}/groups` */
export const createGroup = operation({
  id: 'createGroup',
  method: 'POST',
  path: '/organizations/{organization_id}/groups',
  summary: 'Create a group of memberships',
  tag,
  scope: 'write',
  status: 201,
  schemas: { params: organization, body: newGroupJson, answer: groupJson },
  errors: ['organization_not_found'],
})

/** `GET /organizations/{organization_id}/groups` */
export const listGroups = operation({
  id: 'listGroups',
  method: 'GET',
  path: '/organizations/{organization_id}/groups',
  summary: 'List the groups of an organization',
  tag,
  scope: 'read',
  status: 200,
  schemas: { params: organization, query: listQuery, answer: listOf(groupJson) },
  errors: ['organization_not_found', 'cursor_invalid'],
})

/** `GET /organizations/{organization_id}/groups/{group_id}` */
export const getGroup = operation({
  id: 'getGroup',
  method: 'GET',
  path: '/organizations/{organization_id}/groups/{group_id}',
  summary: 'Get a group',
  tag,
  scope: 'read',
  status: 200,
  schemas: { params, answer: groupJson },
  errors: groupErrors,
})

/** `PATCH /organizations/{organization_id}/groups/{group_id}` */
export const updateGroup = operation({
  id: 'updateGroup',
  method: 'PATCH',
  path: '/organizations/{organization_id}/groups/{group_id}',
  summary: 'Rename a group, or describe it otherwise',
  tag,
  scope: 'write',
  status: 200,
  schemas: { params, body: groupChangesJson, answer: groupJson },
  errors: groupErrors,
})

/** `DELETE /organizations/{organization_id}/groups/{group_id}` */
export const deleteGroup = operation({
  id: 'deleteGroup',
  method: 'DELETE',
  path: '/organizations/{organization_id}/groups/{group_id}',
  summary: 'Delete a group: its members lose what they held through it',
  tag,
  scope: 'write',
  status: 204,
  schemas: { params },
  errors: groupErrors,
})

/** `GET /organizations/{organization_id}/groups/{group_id}/organization-memberships` */
export const listGroupMembers = operation({
  id: 'listGroupMembers',
  method: 'GET',
  path: '/organizations/{organization_id}/groups/{group_id}/organization-memberships',
  summary: 'List the memberships in a group',
  tag,
  scope: 'read',
  status: 200,
  schemas: { params, query: listQuery, answer: listOf(plainMembershipJson) },
  errors: [...groupErrors, 'cursor_invalid'],
})

/** `POST /organizations/{organization_id}/groups/{group_id}/organization-memberships` */
export const addGroupMember = operation({
  id: 'addGroupMember',
  method: 'POST',
  path: '/organizations/{organization_id}/groups/{group_id}/organization-memberships',
  summary: 'Put a membership into a group; once more changes nothing',
  tag,
  scope: 'write',
  status: 200,
  schemas: { params, body: groupMemberJson, answer: groupJson },
  errors: [...groupErrors, 'membership_not_found'],
})

/** `DELETE /organizations/{organization_id}/groups/{group_id}/organization-memberships/{organization_membership_id}` */
export const removeGroupMember = operation({
  id: 'removeGroupMember',
  method: 'DELETE',
  path: '/organizations/{organization_id}/groups/{group_id}/organization-memberships/{organization_membership_id}',
  summary: 'Take a membership out of a group',
  tag,
  scope: 'write',
  status: 204,
  schemas: { params: params.extend({ organization_membership_id: membershipId }) },
  errors: [...groupErrors, 'membership_not_found', 'group_member_not_found'],
})
