import { z } from 'zod'
import { exclusionId, knownSlug, organizationId } from '../ids.js'
import { listFields, listOf } from '../lists.js'
import { operation } from '../operation.js'
import { exclusion } from './held.js'
import { resourceFields } from './resource-fields.js'
import { subjectFields } from './subject-fields.js'

const tag = 'Exclusions'
const path = '/authorization/organizations/{organization_id}/exclusions'
const params = z.object({ organization_id: organizationId })
const one = params.extend({ exclusion_id: exclusionId })

/** `POST /authorization/organizations/{organization_id}/exclusions` */
export const createExclusion = operation({
  id: 'createExclusion',
  method: 'POST',
  path,
  summary: 'Deny one permission to a subject on a resource and below, whatever grants it; or grant it alone',
  tag,
  scope: 'write',
  status: 201,
  schemas: {
    params,
    body: z.object({
      ...subjectFields,
      permission_slug: knownSlug,
      effect: z.enum(['deny', 'allow']).optional(),
      ...resourceFields,
    }),
    answer: exclusion,
  },
  errors: [
    'organization_not_found',
    'membership_not_found',
    'group_not_found',
    'agent_not_found',
    'resource_not_found',
    'permission_unknown',
  ],
})

/** `GET /authorization/organizations/{organization_id}/exclusions` */
export const listExclusions = operation({
  id: 'listExclusions',
  method: 'GET',
  path,
  summary: 'List the exclusions of an organization',
  tag,
  scope: 'read',
  status: 200,
  schemas: { params, query: z.object(listFields), answer: listOf(exclusion) },
})

/** `GET /authorization/organizations/{organization_id}/exclusions/{exclusion_id}` */
export const getExclusion = operation({
  id: 'getExclusion',
  method: 'GET',
  path: `${path}/{exclusion_id}`,
  summary: 'Get an exclusion',
  tag,
  scope: 'read',
  status: 200,
  schemas: { params: one, answer: exclusion },
  errors: ['exclusion_not_found'],
})

/** `DELETE /authorization/organizations/{organization_id}/exclusions/{exclusion_id}` */
export const deleteExclusion = operation({
  id: 'deleteExclusion',
  method: 'DELETE',
  path: `${path}/{exclusion_id}`,
  summary: 'Delete an exclusion',
  tag,
  scope: 'write',
  status: 204,
  schemas: { params: one },
  errors: ['exclusion_not_found'],
})
