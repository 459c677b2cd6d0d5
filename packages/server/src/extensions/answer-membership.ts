import type { Membership, ServiceEngine } from '@bailiwick/core'
import { type MembershipJson, renderMembership } from '@bailiwick/wire'

/** A membership with what is said of it beside itself: its organization's name, its user, the order of its roles. */
export async function answerMembership(
  engine: Pick<ServiceEngine, 'getOrganization' | 'getRoleOrder' | 'findUser'>,
  membership: Membership,
): Promise<MembershipJson> {
  const { organizationId, userId } = membership
  const [organization, user, { priority }] = await Promise.all([
    engine.getOrganization(organizationId),
    engine.findUser({ id: userId }),
    engine.getRoleOrder(organizationId),
  ])
  return renderMembership(membership, { organizationName: organization?.name ?? '', user, priority })
}
