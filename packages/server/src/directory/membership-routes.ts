import { EntityNotFound, type Membership, type MembershipId, type Written } from '@bailiwick/core'
import {
  chosenRoles,
  createMembership,
  deactivateMembership,
  deleteMembership,
  FilterMissing,
  getMembership,
  listGroupsOfMembership,
  listMemberships,
  MembershipPending,
  pageOf,
  reactivateMembership,
  renderGroup,
  renderList,
  updateMembership,
} from '@bailiwick/wire'
import { requireOrganization } from '../authorization/require-organization.js'
import { answerMembership } from '../extensions/answer-membership.js'
import type { ReadingEngine } from '../http/reading-engine.js'
import { type Route, route, type Service } from '../http/route.js'
import { joinOrganization } from './join-organization.js'

/** Memberships, under the address where WorkOS manages users. */
export function membershipRoutes({ engine, engineFor, unknownUsers }: Service): readonly Route[] {
  return [
    route(createMembership, async ({ body }, context) =>
      written(await joinOrganization(engineFor(context), body, unknownUsers)),
    ),
    route(listMemberships, async ({ query }) => {
      const { user_id: userId, organization_id: organizationId, statuses } = query
      if (userId === undefined && organizationId === undefined) {
        throw new FilterMissing(['user_id', 'organization_id'])
      }
      const filter = {
        ...(userId && { userId }),
        ...(organizationId && { organizationId }),
        ...(statuses && { statuses }),
      }
      const page = await engine.listMemberships(filter, pageOf(query))
      const items = await Promise.all(page.items.map((membership) => answerMembership(engine, membership)))
      return { body: renderList({ ...page, items }, (item) => item, query) }
    }),
    route(getMembership, async ({ params }) => ({
      body: await answerMembership(engine, await existing(engine, params.organization_membership_id)),
    })),
    route(updateMembership, async ({ params, body }, context) => {
      const membership = await existing(engine, params.organization_membership_id)
      const roles = chosenRoles(body)
      if (roles === undefined) return { body: await answerMembership(engine, membership) }
      return written(await engineFor(context).setMembershipRoles(...placeOf(membership), roles))
    }),
    route(deleteMembership, async ({ params }, context) => {
      const id = params.organization_membership_id
      const organizationId = await requireOrganization(engine, 'membership', id)
      const { token } = await engineFor(context).deleteMembership(organizationId, { membershipId: id })
      return { body: {}, token }
    }),
    route(deactivateMembership, async ({ params }, context) => {
      const membership = await existing(engine, params.organization_membership_id)
      if (membership.status === 'pending') throw new MembershipPending(membership.id, 'deactivate')
      return written(await engineFor(context).setMembershipStatus(...placeOf(membership), 'inactive'))
    }),
    route(reactivateMembership, async ({ params }, context) => {
      const membership = await existing(engine, params.organization_membership_id)
      if (membership.status === 'pending') throw new MembershipPending(membership.id, 'reactivate')
      return written(await engineFor(context).setMembershipStatus(...placeOf(membership), 'active'))
    }),
    route(listGroupsOfMembership, async ({ params, query }) => {
      const id = params.organization_membership_id
      const organizationId = await requireOrganization(engine, 'membership', id)
      const page = await engine.listGroupsOfMembership(organizationId, id, pageOf(query))
      return { body: renderList(page, renderGroup, query) }
    }),
  ]

  async function written({ value, token }: Written<Membership>) {
    return { body: await answerMembership(engine, value), token }
  }
}

async function existing(engine: ReadingEngine, membershipId: MembershipId): Promise<Membership> {
  const organizationId = await requireOrganization(engine, 'membership', membershipId)
  const membership = await engine.findMembership(organizationId, { membershipId })
  if (membership === undefined) throw new EntityNotFound('membership', membershipId)
  return membership
}

function placeOf({ organizationId, id }: Membership) {
  return [organizationId, { membershipId: id }] as const
}
