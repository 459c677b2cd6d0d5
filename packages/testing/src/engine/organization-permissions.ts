import { type AuthorizationEngine, type MembershipId, type OrganizationId, rootType } from '@bailiwick/core'

/**
 * What a token may say of the whole organization: everything that a membership may on the organization itself, or
 * that `roles` permit where a test names others than are held.
 *
 * A permission that an exclusion denies to anybody is left out: then only the engine knows where it holds.
 */
export async function organizationPermissions(
  engine: AuthorizationEngine,
  organizationId: OrganizationId,
  membershipId: MembershipId,
  roles?: readonly string[],
): Promise<readonly string[]> {
  const held =
    roles === undefined
      ? await engine.effectivePermissions({ organizationId, subject: { membershipId } })
      : await permissionsOf(engine, organizationId, roles)
  const excluded = await Promise.all(held.map((slug) => engine.isExcludedSomewhere(organizationId, slug)))
  return held.filter((_, index) => !excluded[index])
}

async function permissionsOf(
  engine: AuthorizationEngine,
  organizationId: OrganizationId,
  roles: readonly string[],
): Promise<readonly string[]> {
  const own = new Map((await engine.listOrganizationRoles(organizationId)).map((role) => [role.slug, role]))
  const named = roles.map((slug) => own.get(slug) ?? engine.model.role(slug))
  return [...new Set(named.filter(({ on }) => on === rootType).flatMap((role) => role.permissions))].sort()
}
