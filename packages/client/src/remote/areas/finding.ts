import {
  type AuthorizationEngine,
  EntityNotFound,
  type EntityNoun,
  isAuthorizationError,
  type Membership,
  type MembershipRef,
  type OrganizationId,
} from '@bailiwick/core'

/** What the service says is not there is `undefined`; every other failure stays one. */
export async function orNothing<Value>(asked: Promise<Value>): Promise<Value | undefined> {
  try {
    return await asked
  } catch (error) {
    if (isAuthorizationError(error) && error.kind === 'not_found') return undefined
    throw error
  }
}

/** A list in an organization that does not exist is empty, as it is for an engine in this process. */
export async function orEmpty<Item>(asked: Promise<readonly Item[]>): Promise<readonly Item[]> {
  return (await orNothing(asked)) ?? []
}

/**
 * The membership that is meant, of this organization. Its id alone leads to it wherever it is, so that without
 * this one organization's caller could change what another's has.
 *
 * @throws {EntityNotFound} when the organization has none such.
 */
export async function membershipOf(
  engine: Pick<AuthorizationEngine, 'findMembership' | 'getOrganization'>,
  organizationId: OrganizationId,
  ref: MembershipRef,
): Promise<Membership> {
  const found = await engine.findMembership(organizationId, ref)
  return (
    found ?? missing(engine, organizationId, 'membership', 'userId' in ref ? ref.userId : ref.membershipId)
  )
}

/** @throws {EntityNotFound} for the organization if that is what is not there, else for what was looked for in it. */
export async function missing(
  engine: Pick<AuthorizationEngine, 'getOrganization'>,
  organizationId: OrganizationId,
  noun: EntityNoun,
  ref: string,
): Promise<never> {
  if ((await engine.getOrganization(organizationId)) === undefined)
    throw new EntityNotFound('organization', organizationId)
  throw new EntityNotFound(noun, ref)
}
