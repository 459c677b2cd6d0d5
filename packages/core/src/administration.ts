import type { LogEntry, ServicePartChange } from './change.js'
import type { ChangeSource } from './change-source.js'
import type { NewUser, OrganizationChanges, UserFields } from './directory-input.js'
import type { AuthorizationEngine, PermissionEdit, RoleAssignment, Written } from './engine.js'
import type {
  Assignment,
  EnvironmentRole,
  Group,
  Membership,
  MembershipStatus,
  Organization,
  PermissionEntity,
  Resource,
  ResourceTypeEntity,
  SubjectKey,
  User,
} from './entities.js'
import type { EntityId, EntityPage, EntityPageOptions } from './entity-page.js'
import type {
  EnvironmentSettings,
  NewEnvironmentRole,
  NewPermission,
  NewResourceType,
  Renaming,
  RoleOrder,
} from './environment-input.js'
import type { HeldRolePage, HeldRolesFilter } from './held-role.js'
import type { AssignmentId, GroupId, MembershipId, OrganizationId, UserId } from './ids.js'
import type { Notebook } from './notebook.js'
import type { Origin } from './origin.js'
import type { CheckOptions, ConsistencyToken, ResourceRef } from './question.js'

/**
 * What a service offers beside the questions and commands of the port: the environment piece by piece, users, and
 * lists of what is stored. Only an engine over a store of its own has it.
 *
 * Lists of entities are in the order of their ids, which for ids of ours is the order in which they were made.
 * Errors are those of `AuthorizationEngine`.
 */
export interface Administration {
  // The environment. Every change is one commit of the environment's shard and holds for all organizations at once.

  listResourceTypes(): Promise<readonly ResourceTypeEntity[]>
  createResourceType(type: NewResourceType): Promise<Written<ResourceTypeEntity>>
  updateResourceType(slug: string, to: Renaming): Promise<Written<ResourceTypeEntity>>
  addParentType(slug: string, parent: string): Promise<Written<ResourceTypeEntity>>
  /** @throws {ModelChangeRefused} while it has child types, permissions, roles or resources. */
  deleteResourceType(slug: string): Promise<Written<undefined>>

  listPermissions(page?: EntityPageOptions): Promise<EntityPage<PermissionEntity>>
  /** @throws {EntityNotFound} */
  getPermission(slug: string): Promise<PermissionEntity>
  createPermission(permission: NewPermission): Promise<Written<PermissionEntity>>
  updatePermission(slug: string, to: Renaming): Promise<Written<PermissionEntity>>
  /** Takes it out of every role too. @throws {ModelChangeRefused} while an exclusion names it. */
  deletePermission(slug: string): Promise<Written<undefined>>

  /** In order of priority, highest first; roles of other types after those of the organization. */
  listRoles(): Promise<readonly EnvironmentRole[]>
  /** @throws {EntityNotFound} */
  getRole(slug: string): Promise<EnvironmentRole>
  createRole(role: NewEnvironmentRole): Promise<Written<EnvironmentRole>>
  updateRole(
    slug: string,
    to: Renaming & { readonly permissions?: PermissionEdit },
  ): Promise<Written<EnvironmentRole>>
  /** @throws {ModelChangeRefused} while anybody holds it, a mapping gives it, or it is a default role. */
  deleteRole(slug: string): Promise<Written<undefined>>

  getSettings(): Promise<EnvironmentSettings>
  changeSettings(to: Partial<EnvironmentSettings>): Promise<Written<EnvironmentSettings>>

  // Organizations and users.

  listOrganizations(
    filter: { readonly domains?: readonly string[]; readonly search?: string },
    page?: EntityPageOptions,
  ): Promise<EntityPage<Organization>>
  findOrganizationByExternalId(externalId: string): Promise<Organization | undefined>
  /** What holds in an organization: its own default role and priority, or the environment's. */
  getRoleOrder(id: OrganizationId): Promise<RoleOrder>
  updateOrganization(id: OrganizationId, to: OrganizationChanges): Promise<Written<Organization>>

  createUser(user: NewUser): Promise<Written<User>>
  /** The user, or a stub with nothing but the id. */
  ensureUser(id: UserId): Promise<User>
  findUser(
    by: { readonly id: UserId } | { readonly externalId: string } | { readonly email: string },
  ): Promise<User | undefined>
  listUsers(
    filter: { readonly email?: string; readonly organizationId?: OrganizationId },
    page?: EntityPageOptions,
  ): Promise<EntityPage<User>>
  updateUser(id: UserId, to: UserFields): Promise<Written<User>>
  /** Deletes her memberships everywhere first, then the user. */
  deleteUser(id: UserId): Promise<Written<undefined>>

  // The service itself. What it keeps in its notebook is in no log, and who changed it must be told all the same.

  /** Tell the log what became of a part of the service. What the log says already is not told again. */
  recordPart(change: ServicePartChange): Promise<Written<undefined>>

  // What is stored in organizations.

  /** The organization in which this membership, resource, group or assignment lives, as a question about it would find it. */
  organizationOf(id: EntityId, options?: CheckOptions): Promise<OrganizationId | undefined>
  /**
   * Whether a membership is allowed, where that can be told without waiting and there is nothing else to tell.
   * `undefined` says only to ask `check`.
   */
  allowedNow(membershipId: MembershipId, permission: string, resource: ResourceRef): boolean | undefined

  listMemberships(
    filter: {
      readonly organizationId?: OrganizationId
      readonly userId?: UserId
      readonly statuses?: readonly MembershipStatus[]
    },
    page?: EntityPageOptions,
  ): Promise<EntityPage<Membership>>

  /** At least an organization or a type must be given. */
  listResourceEntities(
    filter: {
      readonly organizationId?: OrganizationId
      readonly type?: string
      readonly externalId?: string
      /** Direct children of this one. Only with an organization. */
      readonly parent?: ResourceRef
      /** Part of the name, in any case. */
      readonly search?: string
    },
    page?: EntityPageOptions,
  ): Promise<EntityPage<Resource>>

  listGroupPage(organizationId: OrganizationId, page?: EntityPageOptions): Promise<EntityPage<Group>>
  listGroupMemberPage(
    organizationId: OrganizationId,
    groupId: GroupId,
    page?: EntityPageOptions,
  ): Promise<EntityPage<Membership>>
  /** The groups in which a membership is. */
  listGroupsOfMembership(
    organizationId: OrganizationId,
    membershipId: MembershipId,
    page?: EntityPageOptions,
  ): Promise<EntityPage<Group>>

  /** Rename a resource and move it, both or neither. */
  updateResource(
    organizationId: OrganizationId,
    ref: ResourceRef,
    to: Renaming & { readonly parent?: ResourceRef },
  ): Promise<Written<Resource>>
  /** Give a role that is not held yet. @throws {EntityExists} `assignment_exists`. */
  createAssignment(assignment: RoleAssignment): Promise<Written<Assignment>>
  /**
   * Take back a role that a subject holds by itself: an assignment, or an organization-level role of a membership,
   * which falls back to the default role when it was the last.
   *
   * @throws {EntityNotFound} when it is not held; {HeldThroughGroup} when only a group gives it.
   */
  takeRole(assignment: RoleAssignment): Promise<Written<undefined>>
  findAssignment(organizationId: OrganizationId, id: AssignmentId): Promise<Assignment | undefined>
  /** The roles assigned to one subject itself. */
  listAssignmentPage(
    organizationId: OrganizationId,
    subject: SubjectKey,
    page?: EntityPageOptions,
  ): Promise<EntityPage<Assignment>>
  /** Every role that a membership holds, anywhere or where a filter says: its own, organization-level ones, and through groups. */
  listRolesOfMembership(
    organizationId: OrganizationId,
    membershipId: MembershipId,
    filter?: HeldRolesFilter,
    page?: EntityPageOptions,
  ): Promise<HeldRolePage>
  /** Every role that a membership holds on this very resource. */
  listRolesOnResource(
    organizationId: OrganizationId,
    resource: ResourceRef,
    filter?: { readonly role?: string },
    page?: EntityPageOptions,
  ): Promise<HeldRolePage>

  // The log, and what a service keeps beside it.

  /**
   * The same engine, whose writes say where they come from. It shares everything with this one, and costs nothing to
   * make: one for each request, say.
   *
   * @throws {InputInvalid} for an origin that is not of its form.
   */
  as(origin: Origin): ServiceEngine

  /**
   * Make sure that what is read from now on is as new as a token says.
   *
   * @throws {ConsistencyTokenInvalid} for what is no token, and for one of another store.
   * @throws {ConsistencyUnreachable} when the store has not come so far.
   */
  reach(token: ConsistencyToken): Promise<void>
  /** Commits of all shards in the order in which they became durable, after a position. 0 is before the first. */
  log(page: { readonly after: number; readonly limit: number }): Promise<readonly LogEntry[]>
  readonly notebook: Notebook
  /** What copies of the store are made from. */
  readonly changes: ChangeSource
}

/** An engine over a store of its own: what a service is built on. */
export interface ServiceEngine extends AuthorizationEngine, Administration {}
