import { limits } from '@bailiwick/core'
import { z } from 'zod'
import { knownSlug, organizationId } from '../ids.js'
import { operation } from '../operation.js'

const tag = 'Roles'
const path = '/authorization/organizations/{organization_id}/role_order'
const params = z.object({ organization_id: organizationId })

/** The default role and the priority that hold in an organization. */
export const roleOrder = z.object({
  object: z.literal('role_order'),
  organization_id: organizationId,
  /** Whether it is the organization's own, as it is from its first own role on; else it is the environment's. */
  own: z.boolean(),
  default_role_slug: knownSlug.nullable(),
  /** Organization-level roles, highest first. */
  priority: z.array(knownSlug),
})

/** The JSON of a role order. */
export type RoleOrderJson = z.infer<typeof roleOrder>

/** `GET /authorization/organizations/{organization_id}/role_order` */
export const getRoleOrder = operation({
  id: 'getRoleOrder',
  method: 'GET',
  path,
  summary: 'Get the default role and the priority that hold in an organization',
  tag,
  scope: 'read',
  status: 200,
  schemas: { params, answer: roleOrder },
  errors: ['organization_not_found'],
})

/** `PUT /authorization/organizations/{organization_id}/role_order` */
export const setRoleOrder = operation({
  id: 'setRoleOrder',
  method: 'PUT',
  path,
  summary:
    "Set the organization's own default role and priority; roles not named keep their order, after those named",
  tag,
  scope: 'write',
  status: 200,
  schemas: {
    params,
    body: z.object({
      default_role_slug: knownSlug.nullable().optional(),
      priority: z
        .array(knownSlug)
        .max(limits.rolesPerMembership * 10)
        .optional(),
    }),
    answer: roleOrder,
  },
  errors: ['organization_not_found', 'no_organization_roles', 'role_unknown', 'role_type_mismatch'],
})
