import type { Decision, Explanation } from './decision.js'
import type { Assignment, Membership, MembershipStatus, Organization, Resource } from './entities.js'
import type { AssignmentId, MembershipId, OrganizationId } from './ids.js'
import type { Model } from './model/model.js'
import type { CheckOptions, CheckQuestion, ConsistencyToken, ResourceRef, SubjectRef } from './question.js'

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
}

export interface NewMembership {
  readonly organizationId: OrganizationId
  readonly userId: string
  /** An id that the identity provider has given already (`om_…`); one is made otherwise. */
  readonly id?: MembershipId
  /** Organization-level role slugs. Default: the model's default role, if it has one. */
  readonly roles?: readonly string[]
  /** Default `active`. */
  readonly status?: MembershipStatus
}

export interface NewResource {
  readonly organizationId: OrganizationId
  readonly type: string
  readonly externalId: string
  readonly name: string
  readonly description?: string
  /** Default: the organization itself. */
  readonly parent?: ResourceRef
}

export interface RoleAssignment {
  readonly organizationId: OrganizationId
  readonly subject: SubjectRef
  /** A role of the resource's own type. */
  readonly role: string
  /** Default: the organization itself. */
  readonly resource?: ResourceRef
}

/**
 * What decides, wherever it runs: embedded over a store, a replica, or a server at the other end of a wire.
 *
 * Every method rejects with an `AuthorizationError`: `InputInvalid` for a value beyond its limit, the
 * `*_not_found` and conflict errors of commands, and an error of kind `unavailable` when nothing could be
 * decided or stored. A rejected check is never an allow; a rejected write changed nothing unless it is
 * `unavailable`, when it may have.
 */
export interface AuthorizationEngine {
  readonly model: Model

  /** @throws {PermissionUnknown} when the model has no such permission. Anything else unknown is a deny. */
  check(question: CheckQuestion, options?: CheckOptions): Promise<Decision>
  /** At most 100 questions, answered in order, all at the same moment for one organization. */
  checkMany(questions: readonly CheckQuestion[], options?: CheckOptions): Promise<readonly Decision[]>
  /** Every grant, or every nearest miss, with the way from the resource to the organization. */
  explain(question: CheckQuestion, options?: CheckOptions): Promise<Explanation>

  getOrganization(id: OrganizationId): Promise<Organization | undefined>
  findMembership(organizationId: OrganizationId, subject: SubjectRef): Promise<Membership | undefined>
  findResource(organizationId: OrganizationId, ref: ResourceRef): Promise<Resource | undefined>
  /** The roles held by a membership on resources, in the order in which they were given. */
  listAssignments(organizationId: OrganizationId, subject: SubjectRef): Promise<readonly Assignment[]>

  createOrganization(organization: NewOrganization): Promise<Written<Organization>>
  createMembership(membership: NewMembership): Promise<Written<Membership>>
  /** Replace the organization-level roles of a membership. */
  setMembershipRoles(
    organizationId: OrganizationId,
    subject: SubjectRef,
    roles: readonly string[],
  ): Promise<Written<Membership>>
  setMembershipStatus(
    organizationId: OrganizationId,
    subject: SubjectRef,
    status: MembershipStatus,
  ): Promise<Written<Membership>>
  deleteMembership(organizationId: OrganizationId, subject: SubjectRef): Promise<Written<undefined>>

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
  /** @throws {ResourceHasDependents} unless it has neither children nor assignments, or `cascade` is true. */
  deleteResource(
    organizationId: OrganizationId,
    ref: ResourceRef,
    options?: { readonly cascade?: boolean },
  ): Promise<Written<undefined>>

  /** Give a role. Giving it twice yields the assignment that is there. */
  assignRole(assignment: RoleAssignment): Promise<Written<Assignment>>
  /** Take a role back. @throws {EntityNotFound} when it is not held. */
  removeAssignment(organizationId: OrganizationId, assignmentId: AssignmentId): Promise<Written<undefined>>

  /** Let go of files and connections. Later calls reject. */
  close(): Promise<void>
}
