import { type CheckOptions, EntityNotFound, type EntityNoun, type OrganizationId } from '@bailiwick/core'
import type { ReadingEngine } from '../http/reading-engine.js'

type IdOf = Parameters<ReadingEngine['organizationOf']>[0]

/** The organization in which something named by its id lives. @throws {EntityNotFound} when it lives in none. */
export async function requireOrganization(
  engine: ReadingEngine,
  noun: EntityNoun,
  id: IdOf,
  options?: CheckOptions,
): Promise<OrganizationId> {
  const organizationId = await engine.organizationOf(id, options)
  if (organizationId === undefined) throw new EntityNotFound(noun, id)
  return organizationId
}
