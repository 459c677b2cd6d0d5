import { EntityNotFound, type Membership, type Written } from '@bailiwick/core'
import { addMembership, setMembershipRoles, setMembershipStatus } from '@bailiwick/wire'
import { requireUser } from '../directory/join-organization.js'
import { type Route, route, type Service } from '../http/route.js'
import { answerMembership } from './answer-membership.js'
import { membershipRefOf } from './membership-ref.js'

/** Memberships in ways that WorkOS's routes do not have: without a role, in any status, by the user. */
export function membershipRoutes({ engine, engineFor, unknownUsers }: Service): readonly Route[] {
  return [
    route(addMembership, async ({ params, body }, context) => {
      const { organization_id: organizationId } = params
      const { user_id: userId, id, status, role_slugs: roles } = body
      // Before the user, so that a request which comes to nothing leaves no stub behind.
      if ((await engine.getOrganization(organizationId)) === undefined) {
        throw new EntityNotFound('organization', organizationId)
      }
      await requireUser(engineFor(context), userId, unknownUsers)
      const membership = {
        organizationId,
        userId,
        ...(id === undefined ? {} : { id }),
        ...(status === undefined ? {} : { status }),
        ...(roles === undefined ? {} : { roles }),
      }
      return written(await engineFor(context).createMembership(membership))
    }),
    route(setMembershipRoles, async ({ params, body }, context) =>
      written(
        await engineFor(context).setMembershipRoles(
          params.organization_id,
          membershipRefOf(body),
          body.role_slugs,
        ),
      ),
    ),
    route(setMembershipStatus, async ({ params, body }, context) =>
      written(
        await engineFor(context).setMembershipStatus(
          params.organization_id,
          membershipRefOf(body),
          body.status,
        ),
      ),
    ),
  ]

  async function written({ value, token }: Written<Membership>) {
    return { body: await answerMembership(engine, value), token }
  }
}
