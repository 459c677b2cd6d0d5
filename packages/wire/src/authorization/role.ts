import type { EnvironmentRole, OrganizationId, OrganizationRole } from '@bailiwick/core'
import { z } from 'zod'
import { roleId } from '../ids.js'
import { timestamp } from '../primitives.js'

/** A role as it is answered. */
export const roleJson = z
  .object({
    object: z.literal('role'),
    id: roleId,
    slug: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    type: z.enum(['EnvironmentRole', 'OrganizationRole']),
    resource_type_slug: z.string(),
    permissions: z.array(z.string()),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Role' })

/** The JSON of a role. */
export type RoleJson = z.output<typeof roleJson>

/** The roles of an environment or an organization, which come in one piece. */
export const rolesJson = z.object({ object: z.literal('list'), data: z.array(roleJson) })

/** A role that all organizations share, as JSON. */
export function renderEnvironmentRole(role: EnvironmentRole): RoleJson {
  return render(role, 'EnvironmentRole')
}

/** An organization's own role as JSON. */
export function renderOrganizationRole(role: OrganizationRole): RoleJson {
  return render(role, 'OrganizationRole')
}

/** A role of either kind as JSON. */
export function renderRole(role: EnvironmentRole | OrganizationRole): RoleJson {
  return 'organizationId' in role ? renderOrganizationRole(role) : renderEnvironmentRole(role)
}

/** Roles in their order of priority, as JSON. */
export function renderRoles(
  roles: readonly (EnvironmentRole | OrganizationRole)[],
): z.output<typeof rolesJson> {
  return { object: 'list', data: roles.map(renderRole) }
}

/** Read an organization's own role from an answer, which does not say whose it is. */
export function parseOrganizationRole(json: RoleJson, organizationId: OrganizationId): OrganizationRole {
  return {
    id: json.id,
    organizationId,
    slug: json.slug,
    name: json.name,
    description: json.description,
    on: json.resource_type_slug,
    permissions: [...json.permissions].sort(),
    createdAt: json.created_at,
    updatedAt: json.updated_at,
  }
}

function render(role: EnvironmentRole, type: RoleJson['type']): RoleJson {
  return {
    object: 'role',
    id: role.id,
    slug: role.slug,
    name: role.name,
    description: role.description,
    type,
    resource_type_slug: role.on,
    permissions: [...role.permissions],
    created_at: role.createdAt,
    updated_at: role.updatedAt,
  }
}
