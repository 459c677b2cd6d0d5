import { z } from 'zod'
import { knownSlug } from '../ids.js'

/** Every permission that a subject has on a resource. */
export const effectivePermissions = z.object({
  object: z.literal('effective_permissions'),
  /** Sorted. */
  permission_slugs: z.array(knownSlug),
})

/** Tell effective permissions. */
export function renderEffectivePermissions(slugs: readonly string[]): z.infer<typeof effectivePermissions> {
  return { object: 'effective_permissions', permission_slugs: [...slugs] }
}

/** Whether an organization has a resource. */
export const resourceExistence = z.object({ object: z.literal('resource_existence'), exists: z.boolean() })

/** Tell whether a resource exists. */
export function renderResourceExistence(exists: boolean): z.infer<typeof resourceExistence> {
  return { object: 'resource_existence', exists }
}

/** Whether any exclusion of an organization denies a permission. */
export const excludedPermission = z.object({
  object: z.literal('excluded_permission'),
  permission_slug: knownSlug,
  excluded: z.boolean(),
})

/** Tell whether any exclusion denies a permission. */
export function renderExcludedPermission(fact: {
  readonly permission: string
  readonly excluded: boolean
}): z.infer<typeof excludedPermission> {
  return { object: 'excluded_permission', permission_slug: fact.permission, excluded: fact.excluded }
}
