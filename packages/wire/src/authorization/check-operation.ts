import { z } from 'zod'
import { checkExtras } from '../extensions/checks.js'
import { unknownPermission } from '../extensions/decisions.js'
import { explanation } from '../extensions/explanations.js'
import { resourceFields } from '../extensions/resource-fields.js'
import { knownSlug, membershipId } from '../ids.js'
import { operation } from '../operation.js'

/** Yes or no, as WorkOS answers. */
const answer = z.object({ authorized: z.boolean() })

/** `POST /authorization/organization_memberships/{organization_membership_id}/check` */
export const check = operation({
  id: 'check',
  method: 'POST',
  path: '/authorization/organization_memberships/{organization_membership_id}/check',
  summary: 'May this membership do it on this resource?',
  tag: 'Checks',
  scope: 'check',
  status: 200,
  schemas: {
    params: z.object({ organization_membership_id: membershipId }),
    body: z.object({
      permission_slug: knownSlug,
      ...resourceFields,
      ...checkExtras,
    }),
    answer: z.union([explanation, unknownPermission, answer]),
  },
  errors: ['membership_not_found', 'resource_not_found'],
})
