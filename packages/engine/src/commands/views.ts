import {
  type Assignment,
  type AssignmentRecord,
  type DirectoryMapping,
  type Exclusion,
  type ExclusionRecord,
  type MappingRecord,
  type Membership,
  type MembershipRecord,
  type OrganizationRole,
  type OrganizationRoleRecord,
  type PermissionId,
  type RoleId,
  type RoleOrder,
  rootType,
} from '@bailiwick/core'
import type { Environment } from '../environment/environment.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'

// What is stored refers to roles and permissions by id, so that a slug used again starts with nobody. What callers
// see has slugs. A role or permission that has gone is left out; what is nothing without it is not shown at all.

/** A stored membership as callers see it. */
export function membershipView(graph: OrganizationGraph, record: MembershipRecord): Membership {
  const { roleIds, rolesChosen: _, rolesOverrideDirectory: __, ...rest } = record
  return { ...rest, roles: roleIds.flatMap((id) => roleSlug(graph, id) ?? []).sort() }
}

/** A stored assignment as callers see it. */
export function assignmentView(graph: OrganizationGraph, record: AssignmentRecord): Assignment | undefined {
  const role = roleSlug(graph, record.roleId)
  if (role === undefined) return undefined
  // Field by field: to copy whatever else there is took longer than to give the role.
  const { id, organizationId, subject, resourceId, createdAt, updatedAt } = record
  return { id, organizationId, subject, role, resourceId, createdAt, updatedAt }
}

/** A stored role of an organization as callers see it. */
export function organizationRoleView(
  environment: Environment,
  record: OrganizationRoleRecord,
): OrganizationRole {
  const { permissionIds, ...rest } = record
  return { ...rest, permissions: permissionIds.flatMap((id) => permissionSlug(environment, id) ?? []).sort() }
}

/** A stored mapping as callers see it. */
export function mappingView(graph: OrganizationGraph, record: MappingRecord): DirectoryMapping | undefined {
  const { roleId, ...rest } = record
  const role = roleSlug(graph, roleId)
  return role === undefined ? undefined : { ...rest, role }
}

/** A stored exclusion as callers see it. */
export function exclusionView(environment: Environment, record: ExclusionRecord): Exclusion | undefined {
  const { permissionId, ...rest } = record
  const permission = permissionSlug(environment, permissionId)
  return permission === undefined ? undefined : { ...rest, permission }
}

/** The default role and the priority that hold in an organization: its own, or the model's. */
export function roleOrderView(graph: OrganizationGraph): RoleOrder {
  const { environment, roles, roleOrder } = graph
  const own = [...roles.own()].filter(({ on }) => on === rootType).map(({ slug }) => slug)
  const rankOf = (slug: string) => graph.priorityOf(roles.bySlug(slug))
  const { defaultRole = null, rolePriority } = environment.model
  const ownDefault = roleOrder?.defaultRoleId ?? undefined
  return {
    defaultRole:
      roleOrder === undefined ? defaultRole : ((ownDefault && roleSlug(graph, ownDefault)) ?? null),
    priority: [...rolePriority, ...own].sort((one, other) => rankOf(one) - rankOf(other)),
  }
}

function roleSlug({ roles }: OrganizationGraph, id: RoleId): string | undefined {
  const role = roles.byId(id)
  return role === none ? undefined : roles.role(role).slug
}

function permissionSlug(environment: Environment, id: PermissionId): string | undefined {
  const permission = environment.permissionIndexById(id)
  return permission === undefined ? undefined : environment.permissionSlug(permission)
}
