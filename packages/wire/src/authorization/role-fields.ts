import type { NewEnvironmentRole, NewOrganizationRole, OrganizationId, Renaming } from '@bailiwick/core'
import { z } from 'zod'
import { defined } from '../defined.js'
import { knownSlug } from '../ids.js'
import { description, shortName, slug } from '../primitives.js'
import { renaming } from './renaming.js'

const permissions = z.array(knownSlug).max(1_000)

// WorkOS gives a new role its permissions in a second request; here one may do.
const newRole = z.object({
  name: shortName,
  description: description.optional(),
  resource_type_slug: slug.optional(),
  permissions: permissions.optional(),
})

/** A role to be made for all organizations. */
export const newEnvironmentRoleJson = newRole.extend({ slug })

/** A role to be made for one organization. */
export const newOrganizationRoleJson = newRole.extend({ slug: slug.optional() })

/** What may change of a role. */
export const roleChangesJson = renaming.extend({ permissions: permissions.optional() })

/** All permissions of a role. */
export const rolePermissionsJson = z.object({ permissions })

/** One permission more. */
export const addedPermissionJson = z.object({ slug: knownSlug })

/** The role that a body describes. */
export function parseNewEnvironmentRole(json: z.output<typeof newEnvironmentRoleJson>): NewEnvironmentRole {
  const { slug, name, description, resource_type_slug: on, permissions } = json
  return defined({ slug, name, description, on, permissions })
}

/** The role that a body describes, of this organization. No description is `null` on the wire, and none here. */
export function parseNewOrganizationRole(
  json: z.output<typeof newOrganizationRoleJson>,
  organizationId: OrganizationId,
): NewOrganizationRole {
  const { slug, name, description, resource_type_slug: on, permissions } = json
  return {
    organizationId,
    ...defined({ slug, name, description: description ?? undefined, on, permissions }),
  }
}

/** The change of a role that a body describes; what it does not name stays. */
export function parseRoleChanges({
  name,
  description,
  permissions,
}: z.output<typeof roleChangesJson>): Renaming & { readonly permissions?: readonly string[] } {
  return defined({ name, description, permissions })
}
