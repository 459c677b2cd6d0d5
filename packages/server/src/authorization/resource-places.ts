import { EntityNotFound, type OrganizationId, type Resource, type ResourceRef } from '@bailiwick/core'
import type { ReadingEngine } from '../http/reading-engine.js'
import { requireOrganization } from './require-organization.js'

/** A resource and where it lives. */
export interface Place {
  readonly organizationId: OrganizationId
  readonly ref: ResourceRef
}

/** @throws {EntityNotFound} when no organization has it. */
export async function byId(engine: ReadingEngine, resourceId: Resource['id']): Promise<Place> {
  return { organizationId: await requireOrganization(engine, 'resource', resourceId), ref: { resourceId } }
}

/**
 * The resource that a path names by the application's own id; whether it exists is not asked.
 *
 * @throws {EntityNotFound} for a type that the model does not have: in a path that is as good as nothing.
 */
export function byExternalId(
  engine: ReadingEngine,
  params: {
    readonly organization_id: OrganizationId
    readonly resource_type_slug: string
    readonly external_id: string
  },
): Place {
  const { organization_id: organizationId, resource_type_slug: type, external_id: externalId } = params
  if (!engine.model.types.has(type)) throw new EntityNotFound('resource', `${type}/${externalId}`)
  return { organizationId, ref: { type, externalId } }
}

/** @throws {EntityNotFound} when the organization does not have it. */
export async function requireResource(
  engine: ReadingEngine,
  organizationId: OrganizationId,
  ref: ResourceRef,
): Promise<Resource> {
  const resource = await engine.findResource(organizationId, ref)
  if (resource === undefined) throw resourceNotFound(ref)
  return resource
}

/** The error that names a resource which is not there. */
export function resourceNotFound(ref: ResourceRef): EntityNotFound {
  return new EntityNotFound(
    'resource',
    'resourceId' in ref ? ref.resourceId : `${ref.type}/${ref.externalId}`,
  )
}
