import { InputInvalid, type ResourceAddress, type ResourceId, type ResourceRef } from '@bailiwick/core'
import { z } from 'zod'
import { externalId, knownSlug, resourceId } from '../ids.js'

/** A resource as answers name it. */
export const resourceAddress = z.object({
  id: resourceId,
  external_id: externalId,
  resource_type_slug: knownSlug,
})

/** The JSON of a resource's address. */
export type ResourceAddressJson = z.infer<typeof resourceAddress>

/** Name a resource in an answer. */
export function renderResourceAddress({ id, type, externalId }: ResourceAddress): ResourceAddressJson {
  return { id, external_id: externalId, resource_type_slug: type }
}

/** Read a resource's address from an answer. */
export function parseResourceAddress(json: ResourceAddressJson): ResourceAddress {
  return { id: json.id, type: json.resource_type_slug, externalId: json.external_id }
}

/** How a request names a resource: `resource_id`, or `resource_external_id` with `resource_type_slug`. */
export const resourceFields = {
  resource_id: resourceId.optional(),
  resource_external_id: externalId.optional(),
  resource_type_slug: knownSlug.optional(),
}

/** The fields of a request that name a resource. */
export interface ResourceFieldsJson {
  readonly resource_id?: ResourceId | undefined
  readonly resource_external_id?: string | undefined
  readonly resource_type_slug?: string | undefined
}

/** Name a resource in a request; nothing stands for the organization itself. */
export function renderResourceRef(ref: ResourceRef | undefined): ResourceFieldsJson {
  if (ref === undefined) return {}
  return 'resourceId' in ref
    ? { resource_id: ref.resourceId }
    : { resource_external_id: ref.externalId, resource_type_slug: ref.type }
}

/**
 * Read which resource a request means.
 *
 * @returns `undefined` where it names none, which stands for the organization itself.
 * @throws {InputInvalid} when it names one in both ways, or one half of a name.
 */
export function parseResourceRef(json: ResourceFieldsJson): ResourceRef | undefined {
  return readTarget(json.resource_id, json.resource_external_id, json.resource_type_slug, 'resource')
}

/** As `parseResourceRef`, for fields that begin otherwise: `agent_resource_id`, `under_resource_id`. */
export function readTarget(
  id: ResourceId | undefined,
  externalId: string | undefined,
  type: string | undefined,
  start: string,
): ResourceRef | undefined {
  const named = externalId !== undefined && type !== undefined
  if (id !== undefined && externalId === undefined && type === undefined) return { resourceId: id }
  if (id === undefined && named) return { type, externalId }
  if (id === undefined && externalId === undefined && type === undefined) return undefined
  throw new InputInvalid(
    `${start}_id`,
    `must be given alone, or else \`${start}_external_id\` together with \`${start}_type_slug\``,
    id,
  )
}
