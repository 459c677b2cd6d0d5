import { z } from 'zod'
import { externalId, knownSlug, organizationId, resourceId } from '../ids.js'
import { listFields, listOf } from '../lists.js'
import { operation } from '../operation.js'
import { flag } from '../primitives.js'
import { parentFilter } from './parent-fields.js'
import { newResourceJson, resourceChangesJson, resourceJson } from './resource.js'

const tag = 'Resources'
const byId = z.object({ resource_id: resourceId })
const byExternalId = z.object({
  organization_id: organizationId,
  resource_type_slug: knownSlug,
  external_id: externalId,
})
const cascade = { cascade_delete: flag.optional() }
// A `?` in an external id that is not escaped cuts it short, and the rest looks like a parameter. What is left may be
// the id of something else, so that here no parameter is overlooked.
const noMore = z.strictObject({})
const updateErrors = ['resource_not_found', 'parent_cycle', 'parent_type_not_allowed', 'root_resource_fixed']

/** `POST /authorization/resources` */
export const createResource = operation({
  id: 'createResource',
  method: 'POST',
  path: '/authorization/resources',
  summary: 'Create a resource; without a parent, directly under the organization',
  tag,
  scope: 'write',
  status: 201,
  schemas: {
    body: newResourceJson,
    answer: resourceJson,
  },
  errors: [
    'organization_not_found',
    'resource_exists',
    'resource_not_found',
    'resource_type_unknown',
    'parent_type_not_allowed',
    'root_resource_fixed',
  ],
})

/** `GET /authorization/resources` */
export const listResources = operation({
  id: 'listResources',
  method: 'GET',
  path: '/authorization/resources',
  summary: 'List resources of an organization, of a type, or both',
  tag,
  scope: 'read',
  status: 200,
  schemas: {
    query: z.object({
      ...listFields,
      organization_id: organizationId.optional(),
      resource_type_slug: knownSlug.optional(),
      resource_external_id: externalId.optional(),
      ...parentFilter,
      search: z.string().min(1).max(256).optional(),
    }),
    answer: listOf(resourceJson),
  },
  errors: ['filter_missing', 'cursor_invalid'],
})

/** `GET /authorization/resources/{resource_id}` */
export const getResource = operation({
  id: 'getResource',
  method: 'GET',
  path: '/authorization/resources/{resource_id}',
  summary: 'Get a resource',
  tag,
  scope: 'read',
  status: 200,
  schemas: { params: byId, answer: resourceJson },
  errors: ['resource_not_found'],
})

/** `PATCH /authorization/resources/{resource_id}` */
export const updateResource = operation({
  id: 'updateResource',
  method: 'PATCH',
  path: '/authorization/resources/{resource_id}',
  summary: 'Rename a resource, or move it with all below it',
  tag,
  scope: 'write',
  status: 200,
  schemas: { params: byId, body: resourceChangesJson, answer: resourceJson },
  errors: updateErrors,
})

/** `DELETE /authorization/resources/{resource_id}` */
export const deleteResource = operation({
  id: 'deleteResource',
  method: 'DELETE',
  path: '/authorization/resources/{resource_id}',
  summary: 'Delete a resource; with `cascade_delete`, all below it and what is held there',
  tag,
  scope: 'write',
  status: 204,
  schemas: { params: byId, query: z.object(cascade) },
  errors: ['resource_not_found', 'resource_has_dependents', 'root_resource_fixed'],
})

/** `GET /authorization/organizations/{organization_id}/resources/{resource_type_slug}/{external_id}` */
export const getResourceByExternalId = operation({
  id: 'getResourceByExternalId',
  method: 'GET',
  path: '/authorization/organizations/{organization_id}/resources/{resource_type_slug}/{external_id}',
  summary: "Get a resource by the application's own id",
  tag,
  scope: 'read',
  status: 200,
  schemas: { params: byExternalId, query: noMore, answer: resourceJson },
  errors: ['resource_not_found'],
})

/** `PATCH /authorization/organizations/{organization_id}/resources/{resource_type_slug}/{external_id}` */
export const updateResourceByExternalId = operation({
  id: 'updateResourceByExternalId',
  method: 'PATCH',
  path: '/authorization/organizations/{organization_id}/resources/{resource_type_slug}/{external_id}',
  summary: "Rename or move a resource by the application's own id",
  tag,
  scope: 'write',
  status: 200,
  schemas: { params: byExternalId, query: noMore, body: resourceChangesJson, answer: resourceJson },
  errors: updateErrors,
})

/** `DELETE /authorization/organizations/{organization_id}/resources/{resource_type_slug}/{external_id}` */
export const deleteResourceByExternalId = operation({
  id: 'deleteResourceByExternalId',
  method: 'DELETE',
  path: '/authorization/organizations/{organization_id}/resources/{resource_type_slug}/{external_id}',
  summary: "Delete a resource by the application's own id",
  tag,
  scope: 'write',
  status: 204,
  schemas: { params: byExternalId, query: noMore.extend(cascade) },
  errors: ['resource_not_found', 'resource_has_dependents', 'root_resource_fixed'],
})
