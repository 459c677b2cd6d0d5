import type {
  AssignmentRecord,
  EntityByKind,
  EntityKind,
  Membership,
  MembershipRecord,
  OrganizationId,
  OrganizationRoleRecord,
  PermissionId,
  ResourceAddress,
  ResourceId,
  RoleId,
  RoleRecord,
} from '@bailiwick/core'
import {
  renderGroup,
  renderHeldAssignment,
  renderMembership,
  renderOrganization,
  renderPermission,
  renderResource,
  renderResourceAddress,
  renderUser,
} from '@bailiwick/wire'

/** The kinds that events tell of. */
export type ToldKind = Extract<
  EntityKind,
  | 'organization'
  | 'user'
  | 'membership'
  | 'group'
  | 'organization_role'
  | 'role'
  | 'permission'
  | 'resource'
  | 'assignment'
>

/** What the ids in an entity stand for. */
export interface Names {
  /** `undefined` for what cannot be found any more. */
  roleSlug(id: RoleId): string | undefined
  permissionSlug(id: PermissionId): string | undefined
  organizationName(id: OrganizationId): string | undefined
  resourceAddress(id: ResourceId): ResourceAddress | undefined
}

/** The `data` of an event about an entity, as it stood after the commit, or before it was removed. */
export function eventData<Kind extends ToldKind>(
  kind: Kind,
  entity: EntityByKind[Kind],
  names: Names,
): Record<string, unknown> {
  return renderers[kind](entity, names)
}

type Renderer<Kind extends ToldKind> = (entity: EntityByKind[Kind], names: Names) => Record<string, unknown>

const renderers: { readonly [Kind in ToldKind]: Renderer<Kind> } = {
  organization: (organization) => renderOrganization({ ...withoutDomains, ...organization }),
  user: renderUser,
  membership: renderMembershipRecord,
  group: renderGroup,
  role: (role, names) => ({
    object: 'role',
    slug: role.slug,
    resource_type_slug: role.on,
    permissions: slugsOf(role, names),
    created_at: role.createdAt,
    updated_at: role.updatedAt,
  }),
  organization_role: (role, names) => ({
    object: 'organization_role',
    organization_id: role.organizationId,
    slug: role.slug,
    name: role.name,
    description: role.description,
    resource_type_slug: role.on,
    permissions: slugsOf(role, names),
    created_at: role.createdAt,
    updated_at: role.updatedAt,
  }),
  permission: renderPermission,
  resource: renderResource,
  assignment: renderAssignmentRecord,
}

// The first commits of an old store know nothing of them.
const withoutDomains = { domains: [], metadata: {} }

function renderMembershipRecord(record: MembershipRecord, names: Names): Record<string, unknown> {
  const roles = record.roleIds.map((id) => names.roleSlug(id)).filter((slug) => slug !== undefined)
  const membership: Membership = { ...record, roles }
  const { directory_groups: _, ...data } = renderMembership(membership, {
    organizationName: names.organizationName(record.organizationId) ?? '',
    // Whatever the order is today, it says nothing of the day of the event.
    priority: [],
  })
  return data
}

function renderAssignmentRecord(record: AssignmentRecord, names: Names): Record<string, unknown> {
  const role = names.roleSlug(record.roleId) ?? ''
  const resource = names.resourceAddress(record.resourceId)
  const { resource_id, ...data } = renderHeldAssignment({ ...record, role })
  return {
    ...data,
    object: 'role_assignment',
    resource: resource === undefined ? { id: resource_id } : renderResourceAddress(resource),
  }
}

function slugsOf(role: RoleRecord | OrganizationRoleRecord, names: Names): readonly string[] {
  const slugs = role.permissionIds.map((id) => names.permissionSlug(id))
  return slugs.filter((slug) => slug !== undefined).sort()
}
