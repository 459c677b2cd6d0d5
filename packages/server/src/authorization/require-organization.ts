import { EntityNotFound, type EntityNoun, type OrganizationId, type ServiceEngine } from '@bailiwick/core'

type IdOf = Parameters<ServiceEngine['organizationOf']>[0]

/** The organization in which something named by its id lives. @throws {EntityNotFound} when it lives in none. */
export async function requireOrganization(
  engine: ServiceEngine,
  noun: EntityNoun,
  id: IdOf,
): Promise<OrganizationId> {
  const organizationId = await engine.organizationOf(id)
  if (organizationId === undefined) throw new EntityNotFound(noun, id)
  return organizationId
}
