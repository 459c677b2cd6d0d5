import type { AuthorizationEngine, OrganizationId } from '@bailiwick/core'
import {
  addGroupMember,
  createGroup,
  deleteGroup,
  getGroup,
  groupJson,
  listGroupMembers,
  listGroups,
  parseGroup,
  removeGroupMember,
  updateGroup,
} from '@bailiwick/wire'
import type { Service } from '../service.js'
import { membershipOf, orEmpty, orNothing } from './finding.js'
import { everyItem } from './paging.js'

type Groups = Pick<
  AuthorizationEngine,
  | 'findGroup'
  | 'listGroups'
  | 'listGroupMembers'
  | 'createGroup'
  | 'renameGroup'
  | 'deleteGroup'
  | 'addGroupMember'
  | 'removeGroupMember'
>

const read = (json: unknown) => parseGroup(groupJson.parse(json))

const paramsOf = (organizationId: OrganizationId, groupId: string) => ({
  organization_id: organizationId,
  group_id: groupId,
})

/** Groups, of a service elsewhere. */
export function remoteGroups(
  service: Service,
  people: Pick<AuthorizationEngine, 'getOrganization' | 'findMembership'>,
): Groups {
  return {
    findGroup: (organizationId, groupId) =>
      orNothing(
        service.ask({ operation: getGroup, params: paramsOf(organizationId, groupId), read }, organizationId),
      ),

    listGroups: (organizationId) =>
      orEmpty(
        everyItem(service, {
          operation: listGroups,
          organizationId,
          params: { organization_id: organizationId },
          item: parseGroup,
        }),
      ),

    listGroupMembers: (organizationId, groupId) =>
      orEmpty(
        everyItem(service, {
          operation: listGroupMembers,
          organizationId,
          params: paramsOf(organizationId, groupId),
          item: ({ id }) => id,
        }),
      ),

    createGroup: ({ organizationId, name, description }) =>
      service.write(
        {
          operation: createGroup,
          params: { organization_id: organizationId },
          body: { name, description },
          read,
        },
        organizationId,
      ),

    renameGroup: (organizationId, groupId, to) =>
      service.write(
        { operation: updateGroup, params: paramsOf(organizationId, groupId), body: to, read },
        organizationId,
      ),

    deleteGroup: (organizationId, groupId) =>
      service.write(
        { operation: deleteGroup, params: paramsOf(organizationId, groupId), read: () => undefined },
        organizationId,
      ),

    addGroupMember: async (organizationId, groupId, ref) => {
      const { id } = await membershipOf(people, organizationId, ref)
      return service.write(
        {
          operation: addGroupMember,
          params: paramsOf(organizationId, groupId),
          body: { organization_membership_id: id },
          read: () => undefined,
        },
        organizationId,
      )
    },

    removeGroupMember: async (organizationId, groupId, ref) => {
      const { id } = await membershipOf(people, organizationId, ref)
      return service.write(
        {
          operation: removeGroupMember,
          params: { ...paramsOf(organizationId, groupId), organization_membership_id: id },
          read: () => undefined,
        },
        organizationId,
      )
    },
  }
}
