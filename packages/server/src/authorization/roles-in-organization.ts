import {
  EntityNotFound,
  type EnvironmentRole,
  type OrganizationId,
  type OrganizationRole,
} from '@bailiwick/core'
import type { ReadingEngine } from '../http/reading-engine.js'

/** Every role that an organization may give, highest priority first; those of other types after its own level's. */
export async function rolesInOrganization(
  engine: ReadingEngine,
  id: OrganizationId,
): Promise<readonly (EnvironmentRole | OrganizationRole)[]> {
  if ((await engine.getOrganization(id)) === undefined) throw new EntityNotFound('organization', id)
  const [{ priority }, shared, own] = await Promise.all([
    engine.getRoleOrder(id),
    engine.listRoles(),
    engine.listOrganizationRoles(id),
  ])
  const rank = new Map(priority.map((slug, index) => [slug, index]))
  const rankOf = ({ slug }: { readonly slug: string }) => rank.get(slug) ?? priority.length
  return [...shared, ...own].sort((one, other) => rankOf(one) - rankOf(other))
}
