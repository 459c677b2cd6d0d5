import { z } from 'zod'
import { knownSlug, organizationId } from '../ids.js'
import { listOf } from '../lists.js'
import { operation } from '../operation.js'
import { effectivePermissions, excludedPermission, resourceExistence } from './facts.js'
import { permissionsQuestion, scopeQuestion } from './questions.js'
import { resourceAddress, resourceFields } from './resource-fields.js'
import { scope } from './scopes.js'
import { resourcesQuestion, subjectsQuestion } from './searches.js'
import { subjectKey } from './subject-fields.js'

const tag = 'Discovery'
const errors = ['membership_not_found', 'group_not_found', 'agent_not_found', 'permission_unknown']
const params = z.object({ organization_id: organizationId })

/** `POST /authorization/resource_search` */
export const searchResources = operation({
  id: 'searchResources',
  method: 'POST',
  path: '/authorization/resource_search',
  summary: 'List the resources of a type on which any subject has a permission, wherever they lie',
  tag,
  scope: 'check',
  status: 200,
  schemas: { body: resourcesQuestion, answer: listOf(resourceAddress) },
  errors: [...errors, 'cursor_invalid'],
})

/** `POST /authorization/subject_search` */
export const searchSubjects = operation({
  id: 'searchSubjects',
  method: 'POST',
  path: '/authorization/subject_search',
  summary: 'List the memberships, the groups or the agents that have a permission on a resource',
  tag,
  scope: 'check',
  status: 200,
  schemas: { body: subjectsQuestion, answer: listOf(subjectKey) },
  errors: ['resource_not_found', 'permission_unknown', 'cursor_invalid'],
})

/** `POST /authorization/scopes` */
export const findScope = operation({
  id: 'findScope',
  method: 'POST',
  path: '/authorization/scopes',
  summary: "Say where a permission holds, as a condition for the application's own database",
  tag,
  scope: 'check',
  status: 200,
  schemas: { body: scopeQuestion, answer: scope },
  errors: [...errors, 'scope_too_large'],
})

/** `POST /authorization/effective_permissions` */
export const findEffectivePermissions = operation({
  id: 'findEffectivePermissions',
  method: 'POST',
  path: '/authorization/effective_permissions',
  summary: 'Say every permission that any subject has on a resource',
  tag,
  scope: 'check',
  status: 200,
  schemas: {
    body: permissionsQuestion,
    answer: effectivePermissions,
  },
  errors: ['membership_not_found', 'group_not_found', 'agent_not_found'],
})

/** `GET /authorization/organizations/{organization_id}/resource_existence` */
export const findResourceExistence = operation({
  id: 'findResourceExistence',
  method: 'GET',
  path: '/authorization/organizations/{organization_id}/resource_existence',
  summary: 'Say whether the organization has this resource',
  tag,
  scope: 'check',
  status: 200,
  schemas: {
    params,
    query: z.object(resourceFields),
    answer: resourceExistence,
  },
})

/** `GET /authorization/organizations/{organization_id}/excluded_permissions/{permission_slug}` */
export const findPermissionExclusion = operation({
  id: 'findPermissionExclusion',
  method: 'GET',
  path: '/authorization/organizations/{organization_id}/excluded_permissions/{permission_slug}',
  summary:
    'Say whether any exclusion of the organization denies a permission: then no token may answer for it',
  tag,
  scope: 'check',
  status: 200,
  schemas: {
    params: params.extend({ permission_slug: knownSlug }),
    answer: excludedPermission,
  },
  errors: ['permission_unknown'],
})
