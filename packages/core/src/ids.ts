import type { Brand } from './brand.js'
import { InputInvalid } from './errors/input-errors.js'

/** Every id is `<prefix>_<rest>`; the rest is a ULID when we made it, and at most 64 of `[A-Za-z0-9_-]` always. */
export const idPrefixes = {
  organization: 'org',
  membership: 'om',
  resource: 'authz_resource',
  assignment: 'role_assignment',
  role: 'role',
  permission: 'perm',
  group: 'group',
  mapping: 'idp_mapping',
  exclusion: 'exclusion',
  user: 'user',
} as const

export type IdKind = keyof typeof idPrefixes

/** An organization (`org_…`): one customer of the application, and one shard of the data. */
export type OrganizationId = Brand<`org_${string}`, 'OrganizationId'>
/** An organization membership (`om_…`): one user's place in one organization. */
export type MembershipId = Brand<`om_${string}`, 'MembershipId'>
/** A resource (`authz_resource_…`), the organization's own root resource included. */
export type ResourceId = Brand<`authz_resource_${string}`, 'ResourceId'>
/** A role given to a subject on a resource (`role_assignment_…`). */
export type AssignmentId = Brand<`role_assignment_${string}`, 'AssignmentId'>
/** A role (`role_…`). A role that is removed and made again under its old slug has another id. */
export type RoleId = Brand<`role_${string}`, 'RoleId'>
/** A permission (`perm_…`). */
export type PermissionId = Brand<`perm_${string}`, 'PermissionId'>

/** A group (`group_…`): memberships of one organization that hold roles together. */
export type GroupId = Brand<`group_${string}`, 'GroupId'>
/** A mapping of an identity provider's group to a role (`idp_mapping_…`). */
export type MappingId = Brand<`idp_mapping_${string}`, 'MappingId'>
/** One permission denied, or granted without a role (`exclusion_…`). */
export type ExclusionId = Brand<`exclusion_${string}`, 'ExclusionId'>

/** A person, as her identity provider names her: 1 to 128 characters of printable ASCII; `user_…` when we made it. */
export type UserId = string

const rest = /^[A-Za-z0-9_-]{1,64}$/

/** @throws {InputInvalid} unless `value` reads `org_` and 1 to 64 of `[A-Za-z0-9_-]`. */
export function parseOrganizationId(value: unknown, field = 'organizationId'): OrganizationId {
  return parseId('organization', value, field) as OrganizationId
}

/** @throws {InputInvalid} unless `value` reads `om_` and 1 to 64 of `[A-Za-z0-9_-]`. */
export function parseMembershipId(value: unknown, field = 'membershipId'): MembershipId {
  return parseId('membership', value, field) as MembershipId
}

/** @throws {InputInvalid} unless `value` reads `authz_resource_` and 1 to 64 of `[A-Za-z0-9_-]`. */
export function parseResourceId(value: unknown, field = 'resourceId'): ResourceId {
  return parseId('resource', value, field) as ResourceId
}

/** @throws {InputInvalid} unless `value` reads `role_assignment_` and 1 to 64 of `[A-Za-z0-9_-]`. */
export function parseAssignmentId(value: unknown, field = 'assignmentId'): AssignmentId {
  return parseId('assignment', value, field) as AssignmentId
}

/** @throws {InputInvalid} unless `value` reads `group_` and 1 to 64 of `[A-Za-z0-9_-]`. */
export function parseGroupId(value: unknown, field = 'groupId'): GroupId {
  return parseId('group', value, field) as GroupId
}

function parseId(kind: IdKind, value: unknown, field: string): string {
  const start = `${idPrefixes[kind]}_`
  if (typeof value !== 'string' || !value.startsWith(start) || !rest.test(value.slice(start.length))) {
    throw new InputInvalid(
      field,
      `must be \`${start}\` followed by 1 to 64 letters, digits, \`-\` or \`_\``,
      value,
    )
  }
  return value
}
