import {
  EntityExists,
  EntityNotFound,
  type ModelDefinition,
  type NewPermission,
  type PermissionDefinition,
  parsePermissionSlug,
  type Renaming,
  rootType,
} from '@bailiwick/core'
import { described, type ModelEdit, renamed, without } from './edit.js'

/** A new permission, which nobody has yet. */
export function createPermission(input: NewPermission): ModelEdit {
  const slug = parsePermissionSlug(input.slug, 'slug')
  const { on = rootType, fresh = false } = input
  return (current, model) => {
    if (model.permissions.has(slug)) throw new EntityExists('permission', slug)
    model.type(on)
    return withPermission(current, slug, { on, fresh, ...described(input) })
  }
}

/** Another name or description. */
export function updatePermission(slug: string, to: Renaming): ModelEdit {
  return (current) => {
    const permission = Object.hasOwn(current.permissions, slug) ? current.permissions[slug] : undefined
    if (permission === undefined) throw new EntityNotFound('permission', slug)
    const part = typeof permission === 'string' ? { on: permission } : permission
    return withPermission(current, slug, renamed(part, to))
  }
}

/** No longer a permission, and in no role any more. */
export function deletePermission(slug: string): ModelEdit {
  return (current) => {
    if (!Object.hasOwn(current.permissions, slug)) throw new EntityNotFound('permission', slug)
    const roles = Object.entries(current.roles).map(([role, { permissions, ...rest }]) => [
      role,
      { ...rest, permissions: permissions.filter((held) => held !== slug) },
    ])
    return {
      ...current,
      permissions: without(current.permissions, slug),
      roles: Object.fromEntries(roles),
    }
  }
}

function withPermission(
  current: ModelDefinition,
  slug: string,
  permission: PermissionDefinition,
): ModelDefinition {
  return { ...current, permissions: { ...current.permissions, [slug]: permission } }
}
