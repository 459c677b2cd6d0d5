import { type CheckQuestion, defineModel, type MembershipId, type OrganizationId } from '@bailiwick/core'

/** A model with one permission. */
export const model = defineModel({
  resourceTypes: { project: { parents: ['organization'] } },
  permissions: { 'project:view': 'project' },
  roles: { viewer: { on: 'project', permissions: ['project:view'] } },
})

/** A question that no other number asks. */
export function questionAbout(number: number): CheckQuestion {
  return {
    organizationId: 'org_acme' as OrganizationId,
    subject: { membershipId: 'om_ada' as MembershipId },
    permission: 'project:view',
    resource: { type: 'project', externalId: `p${number}` },
  }
}
