import {
  EntityExists,
  EntityNotFound,
  InputInvalid,
  type NewOrganizationRole,
  type OrganizationId,
  type OrganizationRole,
  type OrganizationRoleRecord,
  organizationRolePrefix,
  type PermissionEdit,
  type PermissionId,
  parseDescription,
  parseName,
  parseSlug,
  type RoleId,
  RoleInUse,
  rootType,
} from '@bailiwick/core'
import type { Environment } from '../environment/environment.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import { newId } from '../new-id.js'
import type { Command } from './command.js'
import { editedPermissions } from './edited-permissions.js'
import { requireOrganization } from './find.js'
import { dependentsOfRole } from './role-dependents.js'
import { orderWith, orderWithout } from './role-order.js'
import { slugFromName } from './slug-from-name.js'
import { organizationRoleView } from './views.js'

/**
 * Make a role of one organization. With its first one, the organization gets a default role and a priority order
 * of its own, which begin as the model's; a new role comes last in it.
 */
export function createOrganizationRole(input: NewOrganizationRole): Command<OrganizationRole> {
  const name = parseName(input.name)
  const description = parseDescription(input.description)
  const given = input.slug === undefined ? undefined : parseOrganizationRoleSlug(input.slug)
  const { organizationId, on = rootType, permissions = [] } = input
  return (graph, { at, ulid }) => {
    requireOrganization(graph, organizationId)
    const { environment, roles } = graph
    environment.model.type(on)
    const permissionIds = parsePermissions(environment, on, permissions)
    const slug = given ?? slugFromName(name, ulid)
    if (roles.bySlug(slug) !== none) throw new EntityExists('role', slug)
    const entity: OrganizationRoleRecord = {
      id: newId<RoleId>('role', ulid),
      organizationId,
      slug,
      name,
      description,
      on,
      permissionIds,
      createdAt: at,
      updatedAt: at,
    }
    return {
      changes: [
        { op: 'put', kind: 'organization_role', entity },
        ...orderWith(graph, organizationId, entity),
      ],
      value: organizationRoleView(environment, entity),
    }
  }
}

/** Change what people read, or which permissions the role holds: for everybody who has it, at once. */
export function updateOrganizationRole(
  organizationId: OrganizationId,
  slug: string,
  to: {
    readonly name?: string
    readonly description?: string | null
    readonly permissions?: PermissionEdit
  },
): Command<OrganizationRole> {
  const name = to.name === undefined ? {} : { name: parseName(to.name) }
  const description = to.description === undefined ? {} : { description: parseDescription(to.description) }
  return (graph, { at, entity: whole }) => {
    requireOrganization(graph, organizationId)
    const { environment } = graph
    const { id, on } = graph.roles.fact(requireOwnRole(graph, slug))
    const role = whole('organization_role', id)
    const permissionIds =
      to.permissions === undefined
        ? {}
        : { permissionIds: editPermissions(environment, on, role.permissionIds, to.permissions) }
    const entity = { ...role, ...name, ...description, ...permissionIds, updatedAt: at }
    return {
      changes: [{ op: 'put', kind: 'organization_role', entity }],
      value: organizationRoleView(environment, entity),
    }
  }
}

/** Delete a role that nobody has. @throws {RoleInUse} naming what still depends on it. */
export function deleteOrganizationRole(organizationId: OrganizationId, slug: string): Command<undefined> {
  return (graph) => {
    requireOrganization(graph, organizationId)
    const role = requireOwnRole(graph, slug)
    const dependents = dependentsOfRole(graph, role)
    const { memberships, assignments, mappings, isDefault } = dependents
    if (memberships + assignments + mappings > 0 || isDefault) throw new RoleInUse(slug, dependents)
    const { id } = graph.roles.fact(role)
    return {
      changes: [{ op: 'remove', kind: 'organization_role', id }, ...orderWithout(graph, organizationId, id)],
      value: undefined,
    }
  }
}

function requireOwnRole({ roles, environment }: OrganizationGraph, slug: string): number {
  const role = environment.roleIndexBySlug(slug) === undefined ? roles.bySlug(slug) : none
  if (role === none) throw new EntityNotFound('role', slug)
  return role
}

function parseOrganizationRoleSlug(value: string): string {
  const slug = parseSlug(value, 'slug')
  if (!slug.startsWith(organizationRolePrefix) || slug.length === organizationRolePrefix.length)
    throw new InputInvalid('slug', `must begin with \`${organizationRolePrefix}\` and go on`, value)
  return slug
}

/** The permissions of a role after an edit. What it holds and the model no longer has goes on the way. */
function editPermissions(
  environment: Environment,
  on: string,
  held: readonly PermissionId[],
  edit: PermissionEdit,
): readonly PermissionId[] {
  const slugs = held.flatMap((id) => {
    const index = environment.permissionIndexById(id)
    return index === undefined ? [] : [environment.permissionSlug(index)]
  })
  return parsePermissions(environment, on, editedPermissions(slugs, edit))
}

/** Permissions of the role's own type or of a type below it, by id in the order of their slugs. */
function parsePermissions(
  environment: Environment,
  on: string,
  slugs: readonly string[],
): readonly PermissionId[] {
  if (!Array.isArray(slugs))
    throw new InputInvalid('permissions', 'must be an array of permission slugs', slugs)
  const { selfAndBelow } = environment.model.type(on)
  return [...new Set(slugs)].sort().map((slug) => {
    const permission = environment.model.permission(slug)
    if (!selfAndBelow.has(permission.on))
      throw new InputInvalid('permissions', `must be of \`${on}\` or of a type below it`, slug)
    return environment.permissionId(environment.permissionIndex(slug))
  })
}
