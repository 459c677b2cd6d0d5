import type {
  AssignmentId,
  ExclusionId,
  GroupId,
  MappingId,
  MembershipId,
  OrganizationId,
  PermissionId,
  ResourceId,
  RoleId,
  UserId,
} from './ids.js'

/** An instant as ISO 8601 with milliseconds and `Z`. */
export type Timestamp = string

/** When it was made, and last changed. */
export interface Stamped {
  readonly createdAt: Timestamp
  readonly updatedAt: Timestamp
}

interface InOrganization extends Stamped {
  readonly organizationId: OrganizationId
}

/** A customer of the application. */
export interface Organization extends Stamped {
  readonly id: OrganizationId
  readonly name: string
  readonly externalId: string | null
  readonly domains: readonly OrganizationDomain[]
  readonly metadata: Readonly<Record<string, string>>
}

/** A domain by which the people of an organization are known. */
export interface OrganizationDomain {
  readonly domain: string
  readonly state: 'verified' | 'pending' | 'failed'
}

/** A person, in all organizations. A stub has an id and nothing else. */
export interface User extends Stamped {
  readonly id: UserId
  readonly email: string | null
  readonly emailVerified: boolean
  readonly firstName: string | null
  readonly lastName: string | null
  readonly externalId: string | null
  readonly profilePictureUrl: string | null
  readonly locale: string | null
  /** When she last signed in, if the service was told. */
  readonly lastSignInAt: Timestamp | null
  readonly metadata: Readonly<Record<string, string>>
}

/** A resource type of the environment. */
export interface ResourceTypeEntity extends Stamped {
  readonly slug: string
  readonly name: string
  readonly description: string | null
  /** The types it may live under, sorted. */
  readonly parents: readonly string[]
  readonly agent: boolean
}

/** A permission of the environment. */
export interface PermissionEntity extends Stamped {
  readonly id: PermissionId
  readonly slug: string
  readonly name: string
  readonly description: string | null
  /** Its resource type. */
  readonly on: string
  readonly fresh: boolean
}

/** A role of the environment, shared by all organizations. */
export interface EnvironmentRole extends Stamped {
  readonly id: RoleId
  readonly slug: string
  readonly name: string
  readonly description: string | null
  /** Its resource type. */
  readonly on: string
  /** Sorted. */
  readonly permissions: readonly string[]
}

/** Only an active membership is ever allowed anything. */
export type MembershipStatus = 'active' | 'inactive' | 'pending'

/** Where an identity provider told of groups: at a sign-in, or by directory sync. */
export type DirectorySource = 'sso' | 'directory'

/** One user's place in one organization, with the organization-level roles held there. */
export interface Membership extends InOrganization {
  readonly id: MembershipId
  readonly userId: string
  readonly status: MembershipStatus
  /** Slugs of its own roles, sorted: given by hand, or the default role. Groups and mappings may add others. */
  readonly roles: readonly string[]
  /** The identity provider's groups as last told, by source; `null` where it never told. */
  readonly directoryGroups: Readonly<Record<DirectorySource, readonly string[] | null>>
}

/** A thing protected. The root of the tree is the organization's own resource, which alone has no parent. */
export interface Resource extends InOrganization {
  readonly id: ResourceId
  readonly type: string
  readonly externalId: string
  readonly name: string
  readonly description: string | null
  readonly parentId: ResourceId | null
}

/** Memberships that hold roles together. */
export interface Group extends InOrganization {
  readonly id: GroupId
  readonly name: string
  readonly description: string | null
}

/** Who holds something, by id. An agent is a resource whose type is able to act. */
export type SubjectKey =
  | { readonly kind: 'membership'; readonly id: MembershipId }
  | { readonly kind: 'group'; readonly id: GroupId }
  | { readonly kind: 'agent'; readonly id: ResourceId }

/** A role given to a subject on a resource. */
export interface Assignment extends InOrganization {
  readonly id: AssignmentId
  readonly subject: SubjectKey
  readonly role: string
  readonly resourceId: ResourceId
}

/** An organization's own role, slug `org-…`, of any resource type. */
export interface OrganizationRole extends InOrganization {
  readonly id: RoleId
  readonly slug: string
  readonly name: string
  readonly description: string | null
  readonly on: string
  /** Sorted. */
  readonly permissions: readonly string[]
}

/** Whoever is in this group of the identity provider holds this role here. */
export interface DirectoryMapping extends InOrganization {
  readonly id: MappingId
  /** The group's name at the provider, compared byte by byte. */
  readonly directoryGroup: string
  readonly role: string
  readonly resourceId: ResourceId
}

/** One permission for one subject on a resource and below: denied whatever grants it, or granted without a role. */
export interface Exclusion extends InOrganization {
  readonly id: ExclusionId
  readonly subject: SubjectKey
  readonly effect: 'deny' | 'allow'
  readonly permission: string
  readonly resourceId: ResourceId
}

/** As stored: roles by id, so that a role made again under an old slug starts with nobody. */
export interface MembershipRecord extends Omit<Membership, 'roles'> {
  readonly roleIds: readonly RoleId[]
  /** Whether somebody chose the roles. If not, they are the default role and give way to the identity provider. */
  readonly rolesChosen: boolean
  /** Whether the roles were chosen after the identity provider told last: then they hold until it tells again. */
  readonly rolesOverrideDirectory: boolean
}

/** As stored: the role by id. */
export interface AssignmentRecord extends Omit<Assignment, 'role'> {
  readonly roleId: RoleId
}

/** As stored: one member of one group. The id joins both, since a membership is in a group once. */
export interface GroupMemberRecord {
  readonly id: `${GroupId}/${MembershipId}`
  readonly groupId: GroupId
  readonly membershipId: MembershipId
  readonly createdAt: Timestamp
}

/** As stored: permissions by id. */
export interface OrganizationRoleRecord extends Omit<OrganizationRole, 'permissions'> {
  readonly permissionIds: readonly PermissionId[]
}

/** As stored: the role by id. */
export interface MappingRecord extends Omit<DirectoryMapping, 'role'> {
  readonly roleId: RoleId
}

/** As stored: the permission by id. */
export interface ExclusionRecord extends Omit<Exclusion, 'permission'> {
  readonly permissionId: PermissionId
}

/** An organization's own default role and priority order, from its first own role on. The id is the organization's. */
export interface RoleOrderRecord {
  readonly id: OrganizationId
  readonly defaultRoleId: RoleId | null
  /** Highest first; organization-level roles only. Environment roles not named come last, in the model's order. */
  readonly priority: readonly RoleId[]
}
