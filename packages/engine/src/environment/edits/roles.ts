import {
  EntityExists,
  EntityNotFound,
  InputInvalid,
  type Model,
  ModelChangeRefused,
  type ModelDefinition,
  type NewEnvironmentRole,
  type PermissionEdit,
  parseSlug,
  type Renaming,
  type RoleDefinition,
  rootType,
} from '@bailiwick/core'
import { editedPermissions } from '../../commands/edited-permissions.js'
import { described, type ModelEdit, renamed, without } from './edit.js'

/** A new role of all organizations. One of the organization level comes last in the order of priority. */
export function createRole(input: NewEnvironmentRole): ModelEdit {
  const slug = parseSlug(input.slug, 'slug')
  const { on = rootType, permissions = [] } = input
  return (current, model) => {
    if (model.roles.has(slug)) throw new EntityExists('role', slug)
    requirePermissions(model, on, permissions)
    return withRole(current, slug, { on, permissions, ...described(input) })
  }
}

/** Another name or description, or other permissions: for everybody who holds the role, at once. */
export function updateRole(
  slug: string,
  to: Renaming & { readonly permissions?: PermissionEdit },
): ModelEdit {
  return (current, model) => {
    const role = requireRole(current, slug)
    const permissions =
      to.permissions === undefined ? role.permissions : editedPermissions(role.permissions, to.permissions)
    requirePermissions(model, role.on, permissions)
    return withRole(current, slug, { ...renamed(role, to), permissions })
  }
}

/** No longer a role; who holds it is looked for when the change is made. */
export function deleteRole(slug: string): ModelEdit {
  return (current) => {
    requireRole(current, slug)
    if (current.defaultRole === slug) throw new ModelChangeRefused([isDefault(slug)])
    return {
      ...current,
      roles: without(current.roles, slug),
      ...(current.rolePriority && { rolePriority: current.rolePriority.filter((each) => each !== slug) }),
    }
  }
}

function isDefault(slug: string) {
  const remedy = `role \`${slug}\` is the default role of the environment: make another the default first`
  return { part: 'role', slug, dependents: 1, remedy } as const
}

function withRole(current: ModelDefinition, slug: string, role: RoleDefinition): ModelDefinition {
  return { ...current, roles: { ...current.roles, [slug]: role } }
}

function requireRole({ roles }: ModelDefinition, slug: string): RoleDefinition {
  const role = Object.hasOwn(roles, slug) ? roles[slug] : undefined
  if (role === undefined) throw new EntityNotFound('role', slug)
  return role
}

/** As for the roles of an organization: known, and of the role's own type or of one below it. */
function requirePermissions(model: Model, on: string, slugs: readonly string[]): void {
  if (!Array.isArray(slugs))
    throw new InputInvalid('permissions', 'must be an array of permission slugs', slugs)
  const { selfAndBelow } = model.type(on)
  for (const slug of slugs) {
    if (!selfAndBelow.has(model.permission(slug).on))
      throw new InputInvalid('permissions', `must be of \`${on}\` or of a type below it`, slug)
  }
}
