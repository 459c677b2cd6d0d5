import type { AuthorizationEngine, Membership, MembershipRef, OrganizationId } from '@bailiwick/core'
import {
  createMembership,
  deactivateMembership,
  membershipJson,
  parseMembership,
  reactivateMembership,
  updateMembership,
} from '@bailiwick/wire'
import { membershipOf } from '../areas/finding.js'
import type { Service } from '../service.js'
import { refusePart } from './missing.js'

type Written = Pick<AuthorizationEngine, 'createMembership' | 'setMembershipRoles' | 'setMembershipStatus'>

const read = (json: unknown): Membership => parseMembership(membershipJson.parse(json))

/** What changes memberships, of WorkOS's own service. */
export function workosMemberships(
  service: Service,
  engine: Pick<AuthorizationEngine, 'findMembership' | 'getOrganization'>,
): Written {
  // By an id that the organization is known to have: WorkOS's routes would lead into any other as well.
  const paramsOf = async (organizationId: OrganizationId, ref: MembershipRef) => ({
    organization_membership_id: (await membershipOf(engine, organizationId, ref)).id,
  })
  return {
    async createMembership({ organizationId, userId, id, roles, status }) {
      refusePart('chosenIds', 'a membership with an `id`', id !== undefined)
      refusePart(
        'chosenIds',
        'a new membership that is not active',
        status !== undefined && status !== 'active',
      )
      const body = { organization_id: organizationId, user_id: userId, role_slugs: roles }
      return service.write({ operation: createMembership, body, read }, organizationId)
    },

    async setMembershipRoles(organizationId, ref, roles) {
      const params = await paramsOf(organizationId, ref)
      return service.write(
        { operation: updateMembership, params, body: { role_slugs: roles }, read },
        organizationId,
      )
    },

    async setMembershipStatus(organizationId, ref, status) {
      refusePart('chosenIds', 'a membership that becomes pending', status === 'pending')
      const operation = status === 'active' ? reactivateMembership : deactivateMembership
      const params = await paramsOf(organizationId, ref)
      return service.write({ operation, params, body: {}, read }, organizationId)
    },
  }
}
