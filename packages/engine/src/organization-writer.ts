import {
  type Assignment,
  type AssignmentId,
  type DirectoryGroupEvent,
  type DirectoryMapping,
  type DirectorySource,
  type Exclusion,
  type ExclusionId,
  type Group,
  type GroupId,
  type MappingId,
  type Membership,
  type MembershipRef,
  type MembershipStatus,
  type NewDirectoryMapping,
  type NewExclusion,
  type NewGroup,
  type NewMembership,
  type NewOrganization,
  type NewOrganizationRole,
  type NewResource,
  type Organization,
  type OrganizationChanges,
  type OrganizationId,
  type OrganizationRole,
  type PermissionEdit,
  parseAssignmentId,
  parseOrganizationId,
  type Resource,
  type ResourceRef,
  type RoleAssignment,
  type SubjectRef,
  type Written,
} from '@bailiwick/core'
import { assignRole, createAssignment, removeAssignment, replaceAssignments } from './commands/assignments.js'
import type { Command } from './commands/command.js'
import {
  applyDirectoryGroupEvent,
  createDirectoryMapping,
  deleteDirectoryMapping,
  syncDirectoryGroups,
} from './commands/directory.js'
import { createExclusion, deleteExclusion } from './commands/exclusions.js'
import {
  addGroupMember,
  createGroup,
  deleteGroup,
  removeGroupMember,
  renameGroup,
} from './commands/groups.js'
import {
  createMembership,
  deleteMembership,
  setMembershipRoles,
  setMembershipStatus,
} from './commands/memberships.js'
import {
  createOrganizationRole,
  deleteOrganizationRole,
  updateOrganizationRole,
} from './commands/organization-roles.js'
import { createOrganization, deleteOrganization, updateOrganization } from './commands/organizations.js'
import { createResource, deleteResource, moveResource, renameResource } from './commands/resources.js'
import { setRoleOrder } from './commands/role-order.js'
import { takeRole } from './commands/take-role.js'
import { type ResourceChanges, updateResource } from './commands/update-resource.js'
import { writeToken } from './consistency-token.js'
import { EnvironmentWriter } from './environment/environment-writer.js'
import { newId } from './new-id.js'

type Renaming = { readonly name?: string; readonly description?: string | null }

/**
 * What changes organizations: each method a line to the command that does the work. They await what they return, for
 * to return a promise from an async function takes three turns of the queue, and after the wait for a disk each is dear.
 */
export class OrganizationWriter extends EnvironmentWriter {
  async createOrganization(input: NewOrganization): Promise<Written<Organization>> {
    const id =
      input.id === undefined
        ? newId<OrganizationId>('organization', this.context.ulid)
        : parseOrganizationId(input.id, 'id')
    return await this.#write(id, createOrganization(id, input))
  }

  async updateOrganization(id: OrganizationId, to: OrganizationChanges): Promise<Written<Organization>> {
    return await this.#write(id, updateOrganization(id, to))
  }

  async deleteOrganization(id: OrganizationId): Promise<Written<undefined>> {
    return await this.#write(id, deleteOrganization(id))
  }

  async createMembership(input: NewMembership): Promise<Written<Membership>> {
    return await this.#write(input.organizationId, createMembership(input))
  }

  async setMembershipRoles(
    id: OrganizationId,
    membership: MembershipRef,
    roles: readonly string[],
  ): Promise<Written<Membership>> {
    return await this.#write(id, setMembershipRoles(id, membership, roles))
  }

  async setMembershipStatus(
    id: OrganizationId,
    membership: MembershipRef,
    status: MembershipStatus,
  ): Promise<Written<Membership>> {
    return await this.#write(id, setMembershipStatus(id, membership, status))
  }

  async deleteMembership(id: OrganizationId, membership: MembershipRef): Promise<Written<undefined>> {
    return await this.#write(id, deleteMembership(id, membership))
  }

  async syncDirectoryGroups(
    id: OrganizationId,
    membership: MembershipRef,
    groups: readonly string[],
    source: DirectorySource = 'sso',
  ): Promise<Written<Membership>> {
    return await this.#write(id, syncDirectoryGroups(id, membership, groups, source))
  }

  async applyDirectoryGroupEvent(
    id: OrganizationId,
    membership: MembershipRef,
    event: DirectoryGroupEvent,
  ): Promise<Written<Membership>> {
    return await this.#write(id, applyDirectoryGroupEvent(id, membership, event))
  }

  async createResource(input: NewResource): Promise<Written<Resource>> {
    return await this.#write(input.organizationId, createResource(input))
  }

  async renameResource(id: OrganizationId, ref: ResourceRef, to: Renaming): Promise<Written<Resource>> {
    return await this.#write(id, renameResource(id, ref, to))
  }

  async updateResource(
    id: OrganizationId,
    ref: ResourceRef,
    to: ResourceChanges,
  ): Promise<Written<Resource>> {
    return await this.#write(id, updateResource(id, ref, to))
  }

  async moveResource(id: OrganizationId, ref: ResourceRef, parent: ResourceRef): Promise<Written<Resource>> {
    return await this.#write(id, moveResource(id, ref, parent))
  }

  async deleteResource(
    id: OrganizationId,
    ref: ResourceRef,
    options?: { readonly cascade?: boolean },
  ): Promise<Written<undefined>> {
    return await this.#write(id, deleteResource(id, ref, options))
  }

  async createGroup(input: NewGroup): Promise<Written<Group>> {
    return await this.#write(input.organizationId, createGroup(input))
  }

  async renameGroup(id: OrganizationId, groupId: GroupId, to: Renaming): Promise<Written<Group>> {
    return await this.#write(id, renameGroup(id, groupId, to))
  }

  async deleteGroup(id: OrganizationId, groupId: GroupId): Promise<Written<undefined>> {
    return await this.#write(id, deleteGroup(id, groupId))
  }

  async addGroupMember(
    id: OrganizationId,
    groupId: GroupId,
    membership: MembershipRef,
  ): Promise<Written<undefined>> {
    return await this.#write(id, addGroupMember(id, groupId, membership))
  }

  async removeGroupMember(
    id: OrganizationId,
    groupId: GroupId,
    membership: MembershipRef,
  ): Promise<Written<undefined>> {
    return await this.#write(id, removeGroupMember(id, groupId, membership))
  }

  async assignRole(assignment: RoleAssignment): Promise<Written<Assignment>> {
    return await this.#write(assignment.organizationId, assignRole(assignment))
  }

  async createAssignment(assignment: RoleAssignment): Promise<Written<Assignment>> {
    return await this.#write(assignment.organizationId, createAssignment(assignment))
  }

  async takeRole(assignment: RoleAssignment): Promise<Written<undefined>> {
    return await this.#write(assignment.organizationId, takeRole(assignment))
  }

  async removeAssignment(id: OrganizationId, assignmentId: AssignmentId): Promise<Written<undefined>> {
    return await this.#write(id, removeAssignment(id, parseAssignmentId(assignmentId)))
  }

  async replaceAssignments(
    id: OrganizationId,
    subject: SubjectRef,
    assignments: readonly { readonly role: string; readonly resource?: ResourceRef }[],
  ): Promise<Written<readonly Assignment[]>> {
    return await this.#write(id, replaceAssignments(id, subject, assignments))
  }

  async createOrganizationRole(input: NewOrganizationRole): Promise<Written<OrganizationRole>> {
    return await this.#write(input.organizationId, createOrganizationRole(input))
  }

  async updateOrganizationRole(
    id: OrganizationId,
    slug: string,
    to: Renaming & { readonly permissions?: PermissionEdit },
  ): Promise<Written<OrganizationRole>> {
    return await this.#write(id, updateOrganizationRole(id, slug, to))
  }

  async deleteOrganizationRole(id: OrganizationId, slug: string): Promise<Written<undefined>> {
    return await this.#write(id, deleteOrganizationRole(id, slug))
  }

  async setRoleOrder(
    id: OrganizationId,
    order: { readonly defaultRole?: string | null; readonly priority?: readonly string[] },
  ): Promise<Written<undefined>> {
    return await this.#write(id, setRoleOrder(id, order))
  }

  async createDirectoryMapping(input: NewDirectoryMapping): Promise<Written<DirectoryMapping>> {
    return await this.#write(input.organizationId, createDirectoryMapping(input))
  }

  async deleteDirectoryMapping(id: OrganizationId, mappingId: MappingId): Promise<Written<undefined>> {
    return await this.#write(id, deleteDirectoryMapping(id, mappingId))
  }

  async createExclusion(input: NewExclusion): Promise<Written<Exclusion>> {
    return await this.#write(input.organizationId, createExclusion(input))
  }

  async deleteExclusion(id: OrganizationId, exclusionId: ExclusionId): Promise<Written<undefined>> {
    return await this.#write(id, deleteExclusion(id, exclusionId))
  }

  #write<Value>(id: OrganizationId, command: Command<Value>): Promise<Written<Value>> {
    const { origin, store } = this.context
    return this.organizations.write(parseOrganizationId(id), {
      command,
      origin,
      answer: ({ value, revision }) => ({
        value,
        token: writeToken({ store: store.id, shard: id, revision }),
      }),
    })
  }
}
