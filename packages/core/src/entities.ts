import type { AssignmentId, MembershipId, OrganizationId, ResourceId, RoleId } from './ids.js'

/** An instant as ISO 8601 with milliseconds and `Z`. */
export type Timestamp = string

interface Stamped {
  readonly createdAt: Timestamp
  readonly updatedAt: Timestamp
}

/** A customer of the application. */
export interface Organization extends Stamped {
  readonly id: OrganizationId
  readonly name: string
  readonly externalId: string | null
}

/** Only an active membership is ever allowed anything. */
export type MembershipStatus = 'active' | 'inactive' | 'pending'

/** One user's place in one organization, with the organization-level roles held there. */
export interface Membership extends Stamped {
  readonly id: MembershipId
  readonly organizationId: OrganizationId
  readonly userId: string
  readonly status: MembershipStatus
  /** Slugs, sorted. */
  readonly roles: readonly string[]
}

/** A thing protected. The root of the tree is the organization's own resource, which alone has no parent. */
export interface Resource extends Stamped {
  readonly id: ResourceId
  readonly organizationId: OrganizationId
  readonly type: string
  readonly externalId: string
  readonly name: string
  readonly description: string | null
  readonly parentId: ResourceId | null
}

/** A role given to a subject on a resource. */
export interface Assignment extends Stamped {
  readonly id: AssignmentId
  readonly organizationId: OrganizationId
  readonly membershipId: MembershipId
  readonly role: string
  readonly resourceId: ResourceId
}

/** As stored: roles by id, so that a role made again under an old slug starts with nobody. */
export interface MembershipRecord extends Omit<Membership, 'roles'> {
  readonly roleIds: readonly RoleId[]
}

/** As stored: the role by id. */
export interface AssignmentRecord extends Omit<Assignment, 'role'> {
  readonly roleId: RoleId
}
