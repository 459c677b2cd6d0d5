import { type CheckQuestion, parseOrganizationId } from '@bailiwick/core'
import { wayUp } from '../answer.js'
import type { Facts, MembershipFact, ResourceFact } from '../facts.js'
import { find } from '../find.js'
import {
  anyOrganizationId,
  refToMembership,
  refToResource,
  strangeResource,
  strangeSubject,
} from './names.js'
import type { Random } from './random.js'

/**
 * A question to this world. Drawn blindly, almost every answer would be a deny: so most of them start from a role
 * that somebody holds, and every second of these then differs by a single fact.
 */
export function randomQuestion(random: Random, facts: Facts): CheckQuestion {
  const aim = aimAtGrant(random, facts)
  if (aim === undefined) return spoken(random, facts, aimBlindly(random, facts))
  return random.weighted<() => CheckQuestion>([
    [40, () => spoken(random, facts, aim)],
    [35, () => spoken(random, facts, { ...aim, ...missByOne(random, facts, aim) })],
    [15, () => spoken(random, facts, aimBlindly(random, facts))],
    [10, () => strange(random, facts, aim)],
  ])()
}

interface Aim {
  readonly membership: MembershipFact
  readonly permission: string
  /** `undefined`: the whole organization. */
  readonly resource: ResourceFact | undefined
}

function aimAtGrant(random: Random, facts: Facts): Aim | undefined {
  const assignment = random.pick(facts.assignments)
  if (assignment === undefined || random.chance(0.15)) return aimAtMembershipRole(random, facts)
  const membership = facts.memberships.find(({ id }) => id === assignment.membershipId)
  const permission = random.pick(permissionsOf(facts, assignment.role))
  const top = facts.resources.find(({ id }) => id === assignment.resourceId)
  if (membership === undefined || permission === undefined || top === undefined) return undefined
  return { membership, permission, resource: atOrBelow(random, facts, top) }
}

function aimAtMembershipRole(random: Random, facts: Facts): Aim | undefined {
  const membership = random.pick(facts.memberships)
  const permission = random.pick(permissionsOf(facts, random.pick(membership?.roles ?? [])))
  if (membership === undefined || permission === undefined) return undefined
  return { membership, permission, resource: anywhere(random, facts, membership) }
}

function permissionsOf(facts: Facts, role: string | undefined): readonly string[] {
  return facts.roles.find(({ slug }) => slug === role)?.permissions ?? []
}

function atOrBelow(random: Random, facts: Facts, resource: ResourceFact): ResourceFact {
  const child = random.pick(facts.resources.filter(({ parentId }) => parentId === resource.id))
  return child === undefined || random.chance(0.4) ? resource : atOrBelow(random, facts, child)
}

/** The deny beside the allow, most often: another resource, another person, another permission. */
function missByOne(random: Random, facts: Facts, aim: Aim): Partial<Aim> {
  const { membership, resource } = aim
  return random.weighted<() => Partial<Aim>>([
    [3, () => ({ permission: anyPermission(random, facts) })],
    [3, () => ({ resource: anywhere(random, facts, membership) })],
    [3, () => ({ resource: resource && random.pick(wayUp(facts, resource)) })],
    [2, () => namesake(random, facts, aim)],
    [2, () => ({ membership: colleague(random, facts, membership) })],
    [1, () => ({ resource: undefined })],
  ])()
}

/** The same external id in another organization, or in another type. */
function namesake(random: Random, facts: Facts, { membership, resource }: Aim): Partial<Aim> {
  const others = facts.resources.filter(
    (other) => other.externalId === resource?.externalId && other !== resource,
  )
  const other = random.pick(others)
  if (other === undefined) return {}
  const there = facts.memberships.filter(({ organizationId }) => organizationId === other.organizationId)
  const self = there.find(({ userId }) => userId === membership.userId) ?? random.pick(there)
  return self === undefined ? {} : { membership: self, resource: other }
}

function colleague(random: Random, facts: Facts, membership: MembershipFact): MembershipFact {
  const { organizationId } = membership
  const here = facts.memberships.filter((other) => other.organizationId === organizationId)
  return random.pick(here) ?? membership
}

function aimBlindly(random: Random, facts: Facts): Aim | undefined {
  const membership = random.pick(facts.memberships)
  if (membership === undefined) return undefined
  return {
    membership,
    permission: anyPermission(random, facts),
    resource: anywhere(random, facts, membership),
  }
}

function anyPermission(random: Random, facts: Facts): string {
  return random.pick(facts.permissions)?.slug ?? 'no:such'
}

function anywhere(random: Random, facts: Facts, membership: MembershipFact): ResourceFact | undefined {
  const { organizationId } = membership
  return random.pick(facts.resources.filter((resource) => resource.organizationId === organizationId))
}

function spoken(random: Random, facts: Facts, aim: Aim | undefined): CheckQuestion {
  if (aim === undefined) return strange(random, facts, aim)
  const { membership, permission, resource } = aim
  return {
    organizationId: membership.organizationId,
    subject: refToMembership(random, membership),
    permission,
    ...(resource === undefined ? {} : { resource: refToResource(random, resource) }),
  }
}

/** A good question with one name in it that often means nothing, or not here. */
function strange(random: Random, facts: Facts, aim: Aim | undefined): CheckQuestion {
  const organizationId = aim?.membership.organizationId ?? anyOrganizationId(random, facts)
  const subject = aim === undefined ? strangeSubject(random, facts) : refToMembership(random, aim.membership)
  const permission = aim?.permission ?? anyPermission(random, facts)
  const root = find.root(facts, organizationId)
  const target = aim?.resource ?? root
  const resource = target === undefined ? strangeResource(random, facts) : refToResource(random, target)
  const question = { organizationId, subject, permission, resource }
  return random.weighted<() => CheckQuestion>([
    [3, () => ({ ...question, resource: strangeResource(random, facts) })],
    [3, () => ({ ...question, subject: strangeSubject(random, facts) })],
    [1, () => ({ ...question, organizationId: anyOrganizationId(random, facts) })],
    [1, () => ({ ...question, organizationId: parseOrganizationId('org_nowhere') })],
    [1, () => ({ ...question, permission: random.chance(0.5) ? 'no:such' : 'constructor' })],
  ])()
}
