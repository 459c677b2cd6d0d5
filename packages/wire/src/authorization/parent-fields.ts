import { InputInvalid, type OrganizationId, type ResourceRef, rootType } from '@bailiwick/core'
import { z } from 'zod'
import { readTarget } from '../extensions/resource-fields.js'
import { externalId, knownSlug, resourceId } from '../ids.js'

/** How the body of a resource names its parent. `null` is the organization itself. */
export const parentFields = {
  parent_resource_id: resourceId.nullable().optional(),
  parent_resource_external_id: externalId.nullable().optional(),
  parent_resource_type_slug: knownSlug.nullable().optional(),
}

/** The fields of a body that name a parent. */
export type ParentFieldsJson = z.output<z.ZodObject<typeof parentFields>>

/** Name a parent in a body. */
export function renderParent(ref: ResourceRef | undefined): ParentFieldsJson {
  if (ref === undefined) return {}
  return 'resourceId' in ref
    ? { parent_resource_id: ref.resourceId }
    : { parent_resource_external_id: ref.externalId, parent_resource_type_slug: ref.type }
}

/**
 * The parent that a body names.
 *
 * @returns `undefined` where it says nothing of a parent; the root of the organization for `null`.
 * @throws {InputInvalid} when it names one in both ways, or by half.
 */
export function parseParent(json: ParentFieldsJson, organizationId: OrganizationId): ResourceRef | undefined {
  const named = readTarget(
    json.parent_resource_id ?? undefined,
    json.parent_resource_external_id ?? undefined,
    json.parent_resource_type_slug ?? undefined,
    'parent_resource',
  )
  if (named !== undefined || json.parent_resource_id !== null) return named
  return { type: rootType, externalId: organizationId }
}

/** How a list of resources is asked for the children of one. The name of the external id differs from a body's. */
export const parentFilter = {
  parent_resource_id: resourceId.optional(),
  parent_resource_type_slug: knownSlug.optional(),
  parent_external_id: externalId.optional(),
}

/** The parameters that name the parent of a list of resources. */
export type ParentFilterJson = z.output<z.ZodObject<typeof parentFilter>>

/** The parent that a list of resources is asked for. @throws {InputInvalid} when it is named in both ways, or by half. */
export function parseParentFilter(json: ParentFilterJson): ResourceRef | undefined {
  const { parent_resource_id: id, parent_external_id: externalId, parent_resource_type_slug: type } = json
  if (id === undefined && externalId === undefined && type === undefined) return undefined
  if (id !== undefined && externalId === undefined && type === undefined) return { resourceId: id }
  if (id === undefined && externalId !== undefined && type !== undefined) return { type, externalId }
  throw new InputInvalid(
    'parent_resource_id',
    'must be given alone, or else `parent_external_id` together with `parent_resource_type_slug`',
    id,
  )
}

/** The parent below which somebody's resources are wanted. */
export const requiredParent = {
  parent_resource_id: resourceId.optional(),
  parent_resource_external_id: externalId.optional(),
  parent_resource_type_slug: knownSlug.optional(),
}

/** @throws {InputInvalid} unless exactly one parent is named. */
export function parseRequiredParent(json: z.output<z.ZodObject<typeof requiredParent>>): ResourceRef {
  const named = readTarget(
    json.parent_resource_id,
    json.parent_resource_external_id,
    json.parent_resource_type_slug,
    'parent_resource',
  )
  if (named !== undefined) return named
  throw new InputInvalid(
    'parent_resource_id',
    'or else `parent_resource_external_id` with `parent_resource_type_slug` must be given',
    undefined,
  )
}
