import type { AnswersAtOnce } from './at-once.js'
import type { Decision, Explanation, ResourceAddress } from './decision.js'
import type {
  Assignment,
  DirectoryMapping,
  DirectorySource,
  Exclusion,
  Group,
  Membership,
  MembershipStatus,
  Organization,
  OrganizationDomain,
  OrganizationRole,
  Resource,
  SubjectKey,
} from './entities.js'
import type { AssignmentId, ExclusionId, GroupId, MappingId, MembershipId, OrganizationId } from './ids.js'
import type { Model } from './model/model.js'
import type {
  CheckOptions,
  CheckQuestion,
  ConsistencyToken,
  MembershipRef,
  Page,
  PageOptions,
  PermissionsQuestion,
  ResourceRef,
  ResourcesQuestion,
  SubjectRef,
  SubjectsQuestion,
} from './question.js'
import type { GivenRole, Permission, ResourceTypeSlug } from './register.js'
import type { Scope, ScopeQuestion } from './scope.js'

/** The outcome of a write: durable when the promise resolves. */
export interface Written<Value> {
  readonly value: Value
  /** Pass it to a check that must see this write, wherever that check is answered. */
  readonly token: ConsistencyToken
}

export interface NewOrganization {
  readonly name: string
  /** An id that the identity provider has given already (`org_…`); one is made otherwise. */
  readonly id?: OrganizationId
  readonly externalId?: string
  readonly domains?: readonly OrganizationDomain[]
  /** At most 50 keys of 1 to 40 characters; values of at most 600. An empty or `null` value is none. */
  readonly metadata?: Readonly<Record<string, string | null>>
}

export interface NewMembership {
  readonly organizationId: OrganizationId
  readonly userId: string
  /** An id that the identity provider has given already (`om_…`); one is made otherwise. */
  readonly id?: MembershipId
  /** Organization-level role slugs. Default: the organization's or the model's default role, if there is one. */
  readonly roles?: readonly GivenRole[]
  /** Default `active`. */
  readonly status?: MembershipStatus
}

export interface NewResource {
  readonly organizationId: OrganizationId
  readonly type: ResourceTypeSlug
  readonly externalId: string
  readonly name: string
  readonly description?: string
  /** Default: the organization itself. */
  readonly parent?: ResourceRef
}

export interface NewGroup {
  readonly organizationId: OrganizationId
  readonly name: string
  readonly description?: string
}

export interface RoleAssignment {
  readonly organizationId: OrganizationId
  readonly subject: SubjectRef
  /** A role of the resource's own type. */
  readonly role: GivenRole
  /** Default: the organization itself. */
  readonly resource?: ResourceRef
}

export interface NewOrganizationRole {
  readonly organizationId: OrganizationId
  readonly name: string
  /** `org-…`; made from the name and a random ending when left out. */
  readonly slug?: string
  /** Default `organization`. */
  readonly on?: string
  readonly description?: string
  readonly permissions?: readonly string[]
}

/** The permissions of a role from now on: these; or those that it has with some more, or without some. */
export type PermissionEdit =
  | readonly string[]
  | { readonly add: readonly string[] }
  | { readonly remove: readonly string[] }

export interface NewDirectoryMapping {
  readonly organizationId: OrganizationId
  /** The group's name at the identity provider: 1 to 256 characters, compared byte by byte. */
  readonly directoryGroup: string
  readonly role: GivenRole
  /** A resource of the role's own type. Default: the organization itself. */
  readonly resource?: ResourceRef
}

export interface NewExclusion {
  readonly organizationId: OrganizationId
  readonly subject: SubjectRef
  readonly permission: Permission
  /** Default `deny`. */
  readonly effect?: 'deny' | 'allow'
  /** It holds here and below. Default: the organization itself. */
  readonly resource?: ResourceRef
}

/** A change of a membership's groups at the identity provider, as directory sync tells them one by one. */
export interface DirectoryGroupEvent {
  readonly kind: 'added' | 'removed'
  readonly directoryGroup: string
}

/** The part of the port that decides. */
export interface Questions {
  /** Absent where every answer is waited for. */
  readonly atOnce?: AnswersAtOnce

  /** @throws {PermissionUnknown} when the model has no such permission. Anything else unknown is a deny. */
  check(question: CheckQuestion, options?: CheckOptions): Promise<Decision>
  /** At most 100 questions, answered in order, all at the same moment for one organization. */
  checkMany(questions: readonly CheckQuestion[], options?: CheckOptions): Promise<readonly Decision[]>
  /** Every grant, or every nearest miss, with the way from the resource to the organization. */
  explain(question: CheckQuestion, options?: CheckOptions): Promise<Explanation>
  /** The resources of one type on which the permission is allowed: complete, ordered by id. */
  listResources(question: ResourcesQuestion, page?: PageOptions): Promise<Page<ResourceAddress>>
  /** The subjects of one kind to whom the permission is allowed: complete, ordered by id. */
  listSubjects(question: SubjectsQuestion, page?: PageOptions): Promise<Page<SubjectKey>>
  /**
   * Where the permission holds for one type of resource: a compact description, for a condition in the
   * application's own database.
   *
   * @throws {ScopeTooLarge} when it would name more than 10 000 resources.
   */
  scope(question: ScopeQuestion, options?: CheckOptions): Promise<Scope>
  /** Every permission slug allowed to the subject on the resource, sorted. */
  effectivePermissions(question: PermissionsQuestion, options?: CheckOptions): Promise<readonly string[]>
  /** Whether the organization has this resource. */
  hasResource(organizationId: OrganizationId, ref: ResourceRef, options?: CheckOptions): Promise<boolean>
  /** Whether any exclusion of the organization denies this permission: then no token may answer for it. */
  isExcludedSomewhere(
    organizationId: OrganizationId,
    permission: string,
    options?: CheckOptions,
  ): Promise<boolean>
}

/**
 * What decides, wherever it runs: embedded over a store, a replica, or a server at the other end of a wire.
 *
 * Every method rejects with an `AuthorizationError`: `InputInvalid` for a value beyond its limit, the
 * `*_not_found` and conflict errors of commands, and an error of kind `unavailable` when nothing could be
 * decided or stored. A rejected check is never an allow; a rejected write changed nothing unless it is
 * `unavailable`, when it may have.
 */
export interface AuthorizationEngine extends Questions {
  readonly model: Model

  getOrganization(id: OrganizationId): Promise<Organization | undefined>
  findMembership(organizationId: OrganizationId, membership: MembershipRef): Promise<Membership | undefined>
  findResource(organizationId: OrganizationId, ref: ResourceRef): Promise<Resource | undefined>
  findGroup(organizationId: OrganizationId, groupId: GroupId): Promise<Group | undefined>
  /** The roles assigned to a subject itself, in the order in which they were given. */
  listAssignments(organizationId: OrganizationId, subject: SubjectRef): Promise<readonly Assignment[]>
  /** The groups of an organization, in the order in which they were made. */
  listGroups(organizationId: OrganizationId): Promise<readonly Group[]>
  listGroupMembers(organizationId: OrganizationId, groupId: GroupId): Promise<readonly MembershipId[]>
  /** The organization's own roles, in the order in which they were made. */
  listOrganizationRoles(organizationId: OrganizationId): Promise<readonly OrganizationRole[]>
  listDirectoryMappings(organizationId: OrganizationId): Promise<readonly DirectoryMapping[]>
  listExclusions(organizationId: OrganizationId): Promise<readonly Exclusion[]>

  createOrganization(organization: NewOrganization): Promise<Written<Organization>>
  /** Delete an organization and everything in it. */
  deleteOrganization(id: OrganizationId): Promise<Written<undefined>>

  createMembership(membership: NewMembership): Promise<Written<Membership>>
  /** Choose the organization-level roles of a membership; what the identity provider gave gives way until it tells again. */
  setMembershipRoles(
    organizationId: OrganizationId,
    membership: MembershipRef,
    roles: readonly GivenRole[],
  ): Promise<Written<Membership>>
  setMembershipStatus(
    organizationId: OrganizationId,
    membership: MembershipRef,
    status: MembershipStatus,
  ): Promise<Written<Membership>>
  deleteMembership(organizationId: OrganizationId, membership: MembershipRef): Promise<Written<undefined>>
  /** What the identity provider says at a sign-in (`sso`), or in whole at a directory sync: it replaces what that source said before. */
  syncDirectoryGroups(
    organizationId: OrganizationId,
    membership: MembershipRef,
    groups: readonly string[],
    source?: DirectorySource,
  ): Promise<Written<Membership>>
  /** One group more, or less, from directory sync. */
  applyDirectoryGroupEvent(
    organizationId: OrganizationId,
    membership: MembershipRef,
    event: DirectoryGroupEvent,
  ): Promise<Written<Membership>>

  createResource(resource: NewResource): Promise<Written<Resource>>
  /** Change what people read: the name, the description. An external id never changes. */
  renameResource(
    organizationId: OrganizationId,
    ref: ResourceRef,
    to: { readonly name?: string; readonly description?: string | null },
  ): Promise<Written<Resource>>
  /** Move a resource, and all below it, under another parent. Permissions follow the new place at once. */
  moveResource(
    organizationId: OrganizationId,
    ref: ResourceRef,
    parent: ResourceRef,
  ): Promise<Written<Resource>>
  /** @throws {ResourceHasDependents} unless nothing lies below it and nobody holds anything on it, or `cascade` is true. */
  deleteResource(
    organizationId: OrganizationId,
    ref: ResourceRef,
    options?: { readonly cascade?: boolean },
  ): Promise<Written<undefined>>

  createGroup(group: NewGroup): Promise<Written<Group>>
  renameGroup(
    organizationId: OrganizationId,
    groupId: GroupId,
    to: { readonly name?: string; readonly description?: string | null },
  ): Promise<Written<Group>>
  /** Delete a group with its memberships, assignments and exclusions: its members lose what came through it. */
  deleteGroup(organizationId: OrganizationId, groupId: GroupId): Promise<Written<undefined>>
  /** Adding a member twice changes nothing. */
  addGroupMember(
    organizationId: OrganizationId,
    groupId: GroupId,
    membership: MembershipRef,
  ): Promise<Written<undefined>>
  /** @throws {EntityNotFound} when it is not a member. */
  removeGroupMember(
    organizationId: OrganizationId,
    groupId: GroupId,
    membership: MembershipRef,
  ): Promise<Written<undefined>>

  /** Give a role. Giving it twice yields the assignment that is there. */
  assignRole(assignment: RoleAssignment): Promise<Written<Assignment>>
  /** Take a role back. @throws {EntityNotFound} when it is not held. */
  removeAssignment(organizationId: OrganizationId, assignmentId: AssignmentId): Promise<Written<undefined>>
  /** Make these the only roles assigned to a subject, at most 100: others are taken back, kept ones keep their id. */
  replaceAssignments(
    organizationId: OrganizationId,
    subject: SubjectRef,
    assignments: readonly { readonly role: GivenRole; readonly resource?: ResourceRef }[],
  ): Promise<Written<readonly Assignment[]>>

  createOrganizationRole(role: NewOrganizationRole): Promise<Written<OrganizationRole>>
  updateOrganizationRole(
    organizationId: OrganizationId,
    slug: string,
    to: {
      readonly name?: string
      readonly description?: string | null
      readonly permissions?: PermissionEdit
    },
  ): Promise<Written<OrganizationRole>>
  /** @throws {RoleInUse} naming what still depends on it. */
  deleteOrganizationRole(organizationId: OrganizationId, slug: string): Promise<Written<undefined>>
  /** The organization's own default role and priority, highest first; possible once it has a role of its own. */
  setRoleOrder(
    organizationId: OrganizationId,
    order: { readonly defaultRole?: string | null; readonly priority?: readonly string[] },
  ): Promise<Written<undefined>>

  createDirectoryMapping(mapping: NewDirectoryMapping): Promise<Written<DirectoryMapping>>
  deleteDirectoryMapping(organizationId: OrganizationId, id: MappingId): Promise<Written<undefined>>

  /** The same exclusion twice yields the one that is there. */
  createExclusion(exclusion: NewExclusion): Promise<Written<Exclusion>>
  deleteExclusion(organizationId: OrganizationId, id: ExclusionId): Promise<Written<undefined>>

  /** Let go of files and connections. Later calls reject. */
  close(): Promise<void>
}
