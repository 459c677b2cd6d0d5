import type { ResourceTypeEntity } from '@bailiwick/core'
import { z } from 'zod'
import { knownSlug } from '../ids.js'
import { listOf } from '../lists.js'
import { operation } from '../operation.js'
import { description, shortName, slug, timestamp } from '../primitives.js'

const tag = 'Resource types'
const path = '/authorization/resource_types'
const params = z.object({ slug: knownSlug })

/** A kind of resource, and the kinds under which it may live. */
export const resourceType = z.object({
  object: z.literal('resource_type'),
  slug: knownSlug,
  name: z.string(),
  description: z.string().nullable(),
  /** `organization` is the root of every organization. */
  parent_type_slugs: z.array(knownSlug),
  /** Whether its resources can act. */
  agent: z.boolean(),
  created_at: timestamp,
  updated_at: timestamp,
})
/** The JSON of a resource type. */
export type ResourceTypeJson = z.infer<typeof resourceType>

/** Tell a resource type. */
export function renderResourceType(type: ResourceTypeEntity): ResourceTypeJson {
  return {
    object: 'resource_type',
    slug: type.slug,
    name: type.name,
    description: type.description,
    parent_type_slugs: [...type.parents],
    agent: type.agent,
    created_at: type.createdAt,
    updated_at: type.updatedAt,
  }
}

/** `POST /authorization/resource_types` */
export const createResourceType = operation({
  id: 'createResourceType',
  method: 'POST',
  path,
  summary: 'Create a resource type',
  tag,
  scope: 'admin',
  status: 201,
  schemas: {
    body: z.object({
      slug,
      name: shortName.optional(),
      description: description.optional(),
      /** Default: the organization alone. */
      parent_type_slugs: z.array(knownSlug).min(1).max(50).optional(),
      agent: z.boolean().optional(),
    }),
    answer: resourceType,
  },
  errors: ['resource_type_exists', 'resource_type_unknown', 'model_invalid'],
})

/** `GET /authorization/resource_types` */
export const listResourceTypes = operation({
  id: 'listResourceTypes',
  method: 'GET',
  path,
  summary: 'List the resource types, of which there are at most 50',
  tag,
  scope: 'read',
  status: 200,
  schemas: { answer: listOf(resourceType) },
})

/** `GET /authorization/resource_types/{slug}` */
export const getResourceType = operation({
  id: 'getResourceType',
  method: 'GET',
  path: `${path}/{slug}`,
  summary: 'Get a resource type',
  tag,
  scope: 'read',
  status: 200,
  schemas: { params, answer: resourceType },
  errors: ['resource_type_not_found'],
})

/** `PATCH /authorization/resource_types/{slug}` */
export const updateResourceType = operation({
  id: 'updateResourceType',
  method: 'PATCH',
  path: `${path}/{slug}`,
  summary: 'Rename a resource type; its slug stays',
  tag,
  scope: 'admin',
  status: 200,
  schemas: {
    params,
    body: z.object({ name: shortName.optional(), description: description.optional() }),
    answer: resourceType,
  },
  errors: ['resource_type_not_found'],
})

/** `POST /authorization/resource_types/{slug}/parent_types` */
export const addParentType = operation({
  id: 'addParentType',
  method: 'POST',
  path: `${path}/{slug}/parent_types`,
  summary: 'Let resources of a type live under one more type; once more changes nothing',
  tag,
  scope: 'admin',
  status: 200,
  schemas: { params, body: z.object({ parent_type_slug: knownSlug }), answer: resourceType },
  errors: ['resource_type_not_found', 'resource_type_unknown', 'model_invalid'],
})

/** `DELETE /authorization/resource_types/{slug}` */
export const deleteResourceType = operation({
  id: 'deleteResourceType',
  method: 'DELETE',
  path: `${path}/{slug}`,
  summary: 'Delete a resource type that nothing depends on',
  tag,
  scope: 'admin',
  status: 204,
  schemas: { params },
  errors: ['resource_type_not_found', 'model_change_refused'],
})
