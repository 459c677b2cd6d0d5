import type {
  Assignment,
  AssignmentId,
  CheckOptions,
  EntityId,
  EntityPage,
  EntityPageOptions,
  Group,
  GroupId,
  HeldRolePage,
  HeldRolesFilter,
  Membership,
  MembershipId,
  Organization,
  OrganizationId,
  Resource,
  ResourceRef,
  SubjectKey,
  User,
  UserId,
} from '@bailiwick/core'
import type { Environment } from '../environment/environment.js'
import { OrganizationReader } from '../organization-reader.js'
import type { Organizations } from '../shard/organizations.js'
import type { ShardContext } from '../shard/shard-context.js'
import { listUsers, type UsersFilter } from '../users/list-users.js'
import { findUser } from '../users/users.js'
import { allowedNow } from './allowed-now.js'
import { Homes } from './homes.js'
import { findAssignment, listAssignmentPage } from './list-assignments.js'
import { listRolesOfMembership, listRolesOnResource } from './list-held-roles.js'
import { listGroupMemberPage, listGroupPage, listGroupsOfMembership } from './list-in-groups.js'
import { listMemberships, type MembershipsFilter } from './list-memberships.js'
import { listOrganizations, type OrganizationsFilter } from './list-organizations.js'
import { listResourceEntities, type ResourcesFilter } from './list-resource-entities.js'
import type { Reading } from './reading.js'

/** What is stored, in lists that people and services read. */
export class EntityReader extends OrganizationReader {
  readonly #reading: Reading

  constructor(
    context: ShardContext,
    organizations: Organizations,
    protected readonly homes = new Homes(context.store, organizations),
  ) {
    super(context, organizations)
    const { store } = context
    this.#reading = { store, graph: async (id) => (await this.read(id)).graph }
  }

  async organizationOf(id: EntityId, options?: CheckOptions): Promise<OrganizationId | undefined> {
    const { consistency } = options ?? {}
    // Whoever asks for the latest, or for what a write came to, is not sent to where something was a moment ago.
    return this.homes.of(id, consistency === undefined || consistency === 'bounded' ? consistency : 'strong')
  }

  allowedNow(membershipId: MembershipId, permission: string, resource: ResourceRef): boolean | undefined {
    const graph = this.homes.graphOf(membershipId)
    return graph && allowedNow(graph, membershipId, permission, resource)
  }

  async listOrganizations(
    filter: OrganizationsFilter,
    page?: EntityPageOptions,
  ): Promise<EntityPage<Organization>> {
    return listOrganizations(this.context.store, filter, page)
  }

  async findOrganizationByExternalId(externalId: string): Promise<Organization | undefined> {
    const { store } = this.context
    const [found] = await store.lookup('organization_external_id', externalId, { limit: 1 })
    return found?.entity
  }

  async findUser(
    by: { readonly id: UserId } | { readonly externalId: string } | { readonly email: string },
  ): Promise<User | undefined> {
    return findUser(this.context.store, by)
  }

  async listUsers(filter: UsersFilter, page?: EntityPageOptions): Promise<EntityPage<User>> {
    return listUsers(this.context.store, filter, page)
  }

  async listMemberships(
    filter: MembershipsFilter,
    page?: EntityPageOptions,
  ): Promise<EntityPage<Membership>> {
    return listMemberships(this.#reading, await this.#environment(), filter, page)
  }

  async listResourceEntities(
    filter: ResourcesFilter,
    page?: EntityPageOptions,
  ): Promise<EntityPage<Resource>> {
    return listResourceEntities(this.#reading, await this.#environment(), filter, page)
  }

  async listGroupPage(id: OrganizationId, page?: EntityPageOptions): Promise<EntityPage<Group>> {
    return listGroupPage(this.#reading, id, page)
  }

  async listGroupMemberPage(
    id: OrganizationId,
    groupId: GroupId,
    page?: EntityPageOptions,
  ): Promise<EntityPage<Membership>> {
    return listGroupMemberPage(this.#reading, id, groupId, page)
  }

  async listGroupsOfMembership(
    id: OrganizationId,
    membershipId: MembershipId,
    page?: EntityPageOptions,
  ): Promise<EntityPage<Group>> {
    return listGroupsOfMembership(this.#reading, id, membershipId, page)
  }

  async findAssignment(id: OrganizationId, assignmentId: AssignmentId): Promise<Assignment | undefined> {
    return findAssignment(this.#reading, id, assignmentId)
  }

  async listAssignmentPage(
    id: OrganizationId,
    subject: SubjectKey,
    page?: EntityPageOptions,
  ): Promise<EntityPage<Assignment>> {
    return listAssignmentPage(this.#reading, id, subject, page)
  }

  async listRolesOfMembership(
    id: OrganizationId,
    membershipId: MembershipId,
    filter: HeldRolesFilter = {},
    page?: EntityPageOptions,
  ): Promise<HeldRolePage> {
    return listRolesOfMembership(this.#reading, id, membershipId, filter, page)
  }

  async listRolesOnResource(
    id: OrganizationId,
    resource: ResourceRef,
    filter: { readonly role?: string } = {},
    page?: EntityPageOptions,
  ): Promise<HeldRolePage> {
    return listRolesOnResource(this.#reading, id, resource, filter, page)
  }

  async #environment(): Promise<Environment> {
    const { model } = this.context
    if (model.mayBeBehind) await model.refresh()
    return model.environment
  }
}
