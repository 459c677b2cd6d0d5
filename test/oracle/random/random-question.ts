import { type CheckQuestion, parseOrganizationId, type SubjectKey } from '@bailiwick/core'
import { wayUp } from '../answer.js'
import type { Facts, ResourceFact } from '../facts.js'
import { find } from '../find.js'
import { holdingsOf } from '../holdings.js'
import { anyOrganizationId, refToResource, refToSubject, strangeResource, strangeSubject } from './names.js'
import type { Random } from './random.js'

/**
 * A question to this world. Drawn blindly, almost every answer would be a deny: so most of them start from something
 * that somebody holds, and every second of these then differs by a single fact.
 */
export function randomQuestion(random: Random, facts: Facts): CheckQuestion {
  const aim = aimAtGrant(random, facts)
  if (aim === undefined) return spoken(random, facts, aimBlindly(random, facts))
  return random.weighted<() => CheckQuestion>([
    [34, () => spoken(random, facts, aim)],
    [28, () => spoken(random, facts, { ...aim, ...missByOne(random, facts, aim) })],
    [6, () => spoken(random, facts, aimAtDenial(random, facts) ?? aim)],
    [8, () => delegated(random, facts, aim)],
    [14, () => spoken(random, facts, aimBlindly(random, facts))],
    [10, () => strange(random, facts, aim)],
  ])()
}

interface Aim {
  readonly organizationId: CheckQuestion['organizationId']
  readonly subject: SubjectKey
  readonly permission: string
  /** `undefined`: the whole organization. */
  readonly resource: ResourceFact | undefined
}

function aimAtGrant(random: Random, facts: Facts): Aim | undefined {
  const { organizationId, subject } = anybody(random, facts) ?? {}
  if (organizationId === undefined || subject === undefined) return undefined
  const holding = random.pick(holdingsOf(facts, organizationId, subject).holdings)
  const permission = random.pick(holding?.permissions ?? [])
  const top = facts.resources.find(({ id }) => id === holding?.grant.on)
  if (permission === undefined || top === undefined) return undefined
  return { organizationId, subject, permission, resource: atOrBelow(random, facts, top) }
}

/** Where something is denied, and perhaps granted as well. */
function aimAtDenial(random: Random, facts: Facts): Aim | undefined {
  const exclusion = random.pick(facts.exclusions)
  const top = facts.resources.find(({ id }) => id === exclusion?.resourceId)
  if (exclusion === undefined || top === undefined) return undefined
  const { organizationId, permission, subject: holder } = exclusion
  const member = random.pick(facts.groups.find(({ id }) => id === holder.id)?.members ?? [])
  const subject: SubjectKey = member === undefined ? holder : { kind: 'membership', id: member }
  return { organizationId, subject, permission, resource: atOrBelow(random, facts, top) }
}

/** Mostly a membership; sometimes a group, or an agent that holds something. */
function anybody(random: Random, facts: Facts): Pick<Aim, 'organizationId' | 'subject'> | undefined {
  if (random.chance(0.25)) {
    const { organizationId, subject } = random.pick(facts.assignments) ?? {}
    if (organizationId !== undefined && subject !== undefined) return { organizationId, subject }
  }
  const membership = random.pick(facts.memberships)
  return (
    membership && {
      organizationId: membership.organizationId,
      subject: { kind: 'membership', id: membership.id },
    }
  )
}

function atOrBelow(random: Random, facts: Facts, resource: ResourceFact): ResourceFact {
  const child = random.pick(facts.resources.filter(({ parentId }) => parentId === resource.id))
  return child === undefined || random.chance(0.4) ? resource : atOrBelow(random, facts, child)
}

/** The deny beside the allow, most often: another resource, another person, another permission. */
function missByOne(random: Random, facts: Facts, aim: Aim): Partial<Aim> {
  const { organizationId, resource } = aim
  return random.weighted<() => Partial<Aim>>([
    [3, () => ({ permission: anyPermission(random, facts) })],
    [3, () => ({ resource: anywhere(random, facts, organizationId) })],
    [3, () => ({ resource: resource && random.pick(wayUp(facts, resource)) })],
    [2, () => namesake(random, facts, aim)],
    [2, () => ({ subject: colleague(random, facts, aim) })],
    [1, () => ({ resource: undefined })],
  ])()
}

/** The same external id in another organization, or in another type. */
function namesake(random: Random, facts: Facts, { subject, resource }: Aim): Partial<Aim> {
  const others = facts.resources.filter(
    (other) => other.externalId === resource?.externalId && other !== resource,
  )
  const other = random.pick(others)
  if (other === undefined) return {}
  const { organizationId } = other
  const userId = facts.memberships.find(({ id }) => id === subject.id)?.userId
  const there = facts.memberships.filter((membership) => membership.organizationId === organizationId)
  const self = there.find((membership) => membership.userId === userId) ?? random.pick(there)
  if (self === undefined) return {}
  return { organizationId, subject: { kind: 'membership', id: self.id }, resource: other }
}

/** Somebody of the same organization: a membership, a group, or an agent. */
function colleague(random: Random, facts: Facts, { organizationId, subject }: Aim): SubjectKey {
  const here = <Fact extends { readonly organizationId: string }>(all: readonly Fact[]) =>
    random.pick(all.filter((each) => each.organizationId === organizationId))
  return random.weighted<() => SubjectKey>([
    [4, () => keyOf('membership', here(facts.memberships)) ?? subject],
    [1, () => keyOf('group', here(facts.groups)) ?? subject],
    [1, () => here(facts.assignments)?.subject ?? subject],
  ])()
}

function keyOf(kind: SubjectKey['kind'], fact: { readonly id: string } | undefined): SubjectKey | undefined {
  return fact && ({ kind, id: fact.id } as SubjectKey)
}

function aimBlindly(random: Random, facts: Facts): Aim | undefined {
  const { organizationId, subject } = anybody(random, facts) ?? {}
  if (organizationId === undefined || subject === undefined) return undefined
  return {
    organizationId,
    subject,
    permission: anyPermission(random, facts),
    resource: anywhere(random, facts, organizationId),
  }
}

function anyPermission(random: Random, facts: Facts): string {
  return random.pick(facts.permissions)?.slug ?? 'no:such'
}

function anywhere(
  random: Random,
  facts: Facts,
  organizationId: Aim['organizationId'],
): ResourceFact | undefined {
  return random.pick(facts.resources.filter((resource) => resource.organizationId === organizationId))
}

function spoken(random: Random, facts: Facts, aim: Aim | undefined): CheckQuestion {
  if (aim === undefined) return strange(random, facts, aim)
  const { organizationId, subject, permission, resource } = aim
  return {
    organizationId,
    subject: refToSubject(random, facts, subject),
    permission,
    ...(resource === undefined ? {} : { resource: refToResource(random, resource) }),
  }
}

/** Asked for somebody else: for who may as well, for a colleague, or along a chain; rarely along too long a one. */
function delegated(random: Random, facts: Facts, aim: Aim): CheckQuestion {
  const able = facts.memberships.filter(({ organizationId, id }) => {
    if (organizationId !== aim.organizationId || !random.chance(0.5)) return false
    const { holdings } = holdingsOf(facts, organizationId, { kind: 'membership', id })
    return holdings.some(({ permissions }) => permissions.includes(aim.permission))
  })
  const length = random.chance(0.02) ? 11 : random.between(0, 3)
  const parties = Array.from({ length }, () =>
    random.chance(0.7)
      ? (keyOf('membership', random.pick(able)) ?? aim.subject)
      : colleague(random, facts, aim),
  )
  return {
    ...spoken(random, facts, aim),
    onBehalfOf: parties.map((party) =>
      random.chance(0.03) ? strangeSubject(random, facts) : refToSubject(random, facts, party),
    ),
  }
}

/** A good question with one name in it that often means nothing, or not here. */
function strange(random: Random, facts: Facts, aim: Aim | undefined): CheckQuestion {
  const organizationId = aim?.organizationId ?? anyOrganizationId(random, facts)
  const subject = aim === undefined ? strangeSubject(random, facts) : refToSubject(random, facts, aim.subject)
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
