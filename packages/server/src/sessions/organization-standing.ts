import {
  type HeldRole,
  type Membership,
  type MembershipId,
  type OrganizationId,
  rootType,
} from '@bailiwick/core'
import { inPriority } from '@bailiwick/wire'
import type { ReadingEngine } from '../http/reading-engine.js'

/** What a token may say of a membership: what holds on every resource of the organization. */
export interface OrganizationStanding {
  /** Organization-level roles that count, highest priority first. */
  readonly roles: readonly string[]
  /** Sorted. */
  readonly permissions: readonly string[]
}

/**
 * The organization-level roles and permissions of a membership, from all sources: its own, those of its groups and
 * what the identity provider's groups give.
 *
 * A permission that an exclusion denies to anybody is left out: then only the engine knows where it holds.
 */
export async function organizationStanding(
  engine: ReadingEngine,
  { organizationId, id: membershipId }: Pick<Membership, 'organizationId' | 'id'>,
): Promise<OrganizationStanding> {
  const [{ priority }, held, allowed] = await Promise.all([
    engine.getRoleOrder(organizationId),
    rolesOnOrganization(engine, organizationId, membershipId),
    engine.effectivePermissions({ organizationId, subject: { membershipId } }),
  ])
  const roles = inPriority([...new Set(held.map(({ role }) => role))].sort(), priority)
  const excluded = await Promise.all(
    allowed.map((permission) => engine.isExcludedSomewhere(organizationId, permission)),
  )
  return {
    roles: engine.model.roleMode === 'single' ? roles.slice(0, 1) : roles,
    permissions: allowed.filter((_, index) => !excluded[index]),
  }
}

async function rolesOnOrganization(
  engine: ReadingEngine,
  organizationId: OrganizationId,
  membershipId: MembershipId,
): Promise<readonly HeldRole[]> {
  const held: HeldRole[] = []
  const resource = { type: rootType, externalId: organizationId }
  let after: string | null | undefined
  do {
    const options = { limit: 100, ...(after && { after }) }
    const page = await engine.listRolesOfMembership(organizationId, membershipId, { resource }, options)
    held.push(...page.items)
    after = page.after
  } while (after !== null)
  return held
}
