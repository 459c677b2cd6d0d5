import { EntityNotFound, type Membership, type ServiceEngine, type Written } from '@bailiwick/core'
import { chosenRoles, MembershipPending, type NewMembershipJson } from '@bailiwick/wire'

/** What to do when a membership names a user of whom nothing is known: make a stub of her, or refuse. */
export type UnknownUsers = 'create' | 'refuse'

/**
 * Make a user a member. Somebody whose membership is inactive becomes active again, under the same id and with the
 * roles that she had, unless others are named.
 *
 * @throws {EntityNotFound} for an organization that does not exist, and for a user where unknown ones are refused.
 * @throws {EntityExists} for an active member; {MembershipPending} for one who has yet to accept.
 */
export async function joinOrganization(
  engine: ServiceEngine,
  json: NewMembershipJson,
  unknownUsers: UnknownUsers,
): Promise<Written<Membership>> {
  const { organization_id: organizationId, user_id: userId, id, status } = json
  // Before the user, so that a request which comes to nothing leaves no stub behind.
  if ((await engine.getOrganization(organizationId)) === undefined) {
    throw new EntityNotFound('organization', organizationId)
  }
  await requireUser(engine, userId, unknownUsers)
  const roles = chosenRoles(json)
  const membership = await engine.findMembership(organizationId, { userId })
  if (membership?.status === 'pending') throw new MembershipPending(membership.id, 'reactivate')
  // Under another id it would be another membership: that is refused below.
  if (membership?.status === 'inactive' && (id === undefined || id === membership.id)) {
    if (roles !== undefined) await engine.setMembershipRoles(organizationId, { userId }, roles)
    return engine.setMembershipStatus(organizationId, { userId }, status ?? 'active')
  }
  return engine.createMembership({
    organizationId,
    userId,
    ...(id && { id }),
    ...(status && { status }),
    ...(roles && { roles }),
  })
}

/** @throws {EntityNotFound} for a user of whom nothing is known, where such are refused. */
export async function requireUser(
  engine: ServiceEngine,
  userId: string,
  unknownUsers: UnknownUsers,
): Promise<void> {
  if (unknownUsers === 'create') await engine.ensureUser(userId)
  else if ((await engine.findUser({ id: userId })) === undefined) throw new EntityNotFound('user', userId)
}
