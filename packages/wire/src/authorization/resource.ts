import type { NewResource, OrganizationId, Renaming, Resource, ResourceRef } from '@bailiwick/core'
import { z } from 'zod'
import { defined } from '../defined.js'
import { externalId, knownSlug, organizationId, resourceId } from '../ids.js'
import { description, shortName, timestamp } from '../primitives.js'
import { parentFields, parseParent } from './parent-fields.js'
import { renaming } from './renaming.js'

/** A resource to be made. */
export const newResourceJson = z.object({
  organization_id: organizationId,
  resource_type_slug: knownSlug,
  external_id: externalId,
  name: shortName,
  description: description.optional(),
  ...parentFields,
})

/** What may change of a resource. */
export const resourceChangesJson = renaming.extend(parentFields)

/** The resource that a body describes. @throws {InputInvalid} when it names its parent in both ways, or by half. */
export function parseNewResource(json: z.output<typeof newResourceJson>): NewResource {
  const { organization_id: organizationId, resource_type_slug: type, external_id: externalId, name } = json
  const parent = parseParent(json, organizationId)
  return {
    organizationId,
    type,
    externalId,
    name,
    ...defined({ description: json.description ?? undefined, parent }),
  }
}

/** The change that a body describes; what it does not name stays. @throws {InputInvalid} as `parseNewResource` does. */
export function parseResourceChanges(
  json: z.output<typeof resourceChangesJson>,
  organizationId: OrganizationId,
): Renaming & { readonly parent?: ResourceRef } {
  const { name, description } = json
  return defined({ name, description, parent: parseParent(json, organizationId) })
}

/** A resource as it is answered. Only the root of an organization has no parent. */
export const resourceJson = z
  .object({
    object: z.literal('authorization_resource'),
    id: resourceId,
    external_id: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    resource_type_slug: z.string(),
    organization_id: organizationId,
    parent_resource_id: resourceId.nullable(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'AuthorizationResource' })

/** The JSON of a resource. */
export type ResourceJson = z.output<typeof resourceJson>

/** A resource as JSON. */
export function renderResource(resource: Resource): ResourceJson {
  return {
    object: 'authorization_resource',
    id: resource.id,
    external_id: resource.externalId,
    name: resource.name,
    description: resource.description,
    resource_type_slug: resource.type,
    organization_id: resource.organizationId,
    parent_resource_id: resource.parentId,
    created_at: resource.createdAt,
    updated_at: resource.updatedAt,
  }
}

/** Read a resource from an answer. */
export function parseResource(json: ResourceJson): Resource {
  return {
    id: json.id,
    externalId: json.external_id,
    name: json.name,
    description: json.description,
    type: json.resource_type_slug,
    organizationId: json.organization_id,
    parentId: json.parent_resource_id,
    createdAt: json.created_at,
    updatedAt: json.updated_at,
  }
}
