import type { AuthorizationEngine, MembershipId, OrganizationId } from '@bailiwick/core'
import { LRUCache } from 'lru-cache'

const mostRemembered = 50_000

/**
 * In which organization a membership is. WorkOS decides about a membership wherever it is, and a question of ours is
 * about one organization: without this, a membership of another one could be allowed. A membership never moves, so
 * that what was found once holds.
 */
export class Homes {
  readonly #found = new LRUCache<MembershipId, OrganizationId>({ max: mostRemembered })

  constructor(private readonly engine: Pick<AuthorizationEngine, 'findMembership'>) {}

  /** Whether the organization has this membership. Costs a request the first time it does. */
  async has(organizationId: OrganizationId, membershipId: MembershipId): Promise<boolean> {
    const known = this.#found.get(membershipId)
    if (known !== undefined) return known === organizationId
    if ((await this.engine.findMembership(organizationId, { membershipId })) === undefined) return false
    this.#found.set(membershipId, organizationId)
    return true
  }
}
