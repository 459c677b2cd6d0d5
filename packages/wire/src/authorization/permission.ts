import type { NewPermission, PermissionEntity } from '@bailiwick/core'
import { z } from 'zod'
import { defined } from '../defined.js'
import { permissionId } from '../ids.js'
import { description, permissionSlug, shortName, slug, timestamp } from '../primitives.js'

/** A permission to be made. */
export const newPermissionJson = z.object({
  slug: permissionSlug,
  name: shortName,
  description: description.optional(),
  resource_type_slug: slug.optional(),
  fresh: z.boolean().optional(),
})

/** The permission that a body describes. */
export function parseNewPermission(json: z.output<typeof newPermissionJson>): NewPermission {
  const { slug, name, description, resource_type_slug: on, fresh } = json
  return defined({ slug, name, description, on, fresh })
}

/** A permission as it is answered. */
export const permissionJson = z
  .object({
    object: z.literal('permission'),
    id: permissionId,
    slug: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    system: z.boolean(),
    resource_type_slug: z.string(),
    // Ours. WorkOS has no such mark, so there none is fresh.
    fresh: z.boolean().default(false),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Permission' })

/** The JSON of a permission. */
export type PermissionJson = z.output<typeof permissionJson>

/** A permission as JSON. None of ours is made by the system. */
export function renderPermission(permission: PermissionEntity): PermissionJson {
  return {
    object: 'permission',
    id: permission.id,
    slug: permission.slug,
    name: permission.name,
    description: permission.description,
    system: false,
    resource_type_slug: permission.on,
    fresh: permission.fresh,
    created_at: permission.createdAt,
    updated_at: permission.updatedAt,
  }
}
