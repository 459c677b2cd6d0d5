import type { AuthorizationEngine, CheckQuestion } from '@bailiwick/core'
import { allowedMemberships, allowedResources } from './answer.js'
import { Disagreement } from './disagreement.js'
import type { Facts } from './facts.js'
import type { Random } from './random/random.js'

/** What one membership may, and who may on one resource: the whole of an organization, by checking each. */
export async function compareLists(random: Random, facts: Facts, engine: AuthorizationEngine): Promise<void> {
  const resource = random.pick(facts.resources)
  const membership = random.pick(facts.memberships.filter(({ status }) => status === 'active'))
  const permission = random.pick(facts.permissions)?.slug
  if (resource === undefined || membership === undefined || permission === undefined) return

  const mine = {
    organizationId: membership.organizationId,
    subject: { membershipId: membership.id },
    permission,
  }
  const resources = facts.resources.filter(({ organizationId }) => organizationId === mine.organizationId)
  await same(engine, allowedResources(facts, mine), resources, ({ id }) => ({
    ...mine,
    resource: { resourceId: id },
  }))

  const theirs = {
    organizationId: resource.organizationId,
    permission,
    resource: { resourceId: resource.id },
  }
  const memberships = facts.memberships.filter(
    ({ organizationId }) => organizationId === theirs.organizationId,
  )
  await same(engine, allowedMemberships(facts, theirs), memberships, ({ id }) => ({
    ...theirs,
    subject: { membershipId: id },
  }))
}

async function same<Item extends { readonly id: string }>(
  engine: AuthorizationEngine,
  right: readonly Item[],
  candidates: readonly Item[],
  questionAbout: (item: Item) => CheckQuestion,
): Promise<void> {
  const decisions = await Promise.all(candidates.map((item) => engine.check(questionAbout(item))))
  const allowed = candidates.filter((_, index) => decisions[index]?.kind === 'allow')
  if (allowed.length !== right.length || allowed.some(({ id }, index) => id !== right[index]?.id)) {
    throw new Disagreement('a list differs', {
      engine: allowed.map(({ id }) => id),
      oracle: right.map(({ id }) => id),
    })
  }
}
