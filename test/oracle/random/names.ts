import {
  type MembershipId,
  type MembershipRef,
  type OrganizationId,
  parseGroupId,
  parseMembershipId,
  parseOrganizationId,
  parseResourceId,
  type ResourceRef,
  type SubjectKey,
  type SubjectRef,
} from '@bailiwick/core'
import type { Facts, MembershipFact, ResourceFact } from '../facts.js'
import type { Random } from './random.js'

// Few, so that organizations, types and the dead share them; and some that trip careless keys and look-ups.
const externalIds = [
  ...Array.from({ length: 14 }, (_, index) => `${index}`),
  'web',
  'Web',
  'web ',
  'a/b',
  'a:b',
  '__proto__',
  'constructor',
  'org_alpha',
  'authz_resource_1',
] as const
const userIds = [
  ...Array.from({ length: 10 }, (_, index) => `user_${index}`),
  '__proto__',
  'om_1',
  'org_beta',
] as const
const organizationIds = ['org_alpha', 'org_beta', 'org_gamma', 'org_delta'].map((id) =>
  parseOrganizationId(id),
)

/** Any external id, whether something has it or not. */
export function anyExternalId(random: Random): string {
  return random.pick(externalIds) ?? ''
}

/** Any user, of any organization or of none. */
export function anyUserId(random: Random): string {
  return random.pick(userIds) ?? ''
}

/** One of eighty ids: soon taken, here or in another organization, or left over from a membership removed. */
export function anyMembershipId(random: Random): MembershipId {
  return parseMembershipId(`om_${random.between(1, 80)}`)
}

/** The organizations that a world may come to have. */
export function possibleOrganizations(): readonly OrganizationId[] {
  return organizationIds
}

/** An organization that exists, or now and then one that does not. */
export function anyOrganizationId(random: Random, facts: Facts): OrganizationId {
  const existing = random.pick(facts.organizations)
  return existing === undefined || random.chance(0.02) ? parseOrganizationId('org_nowhere') : existing.id
}

/** Any of a handful of groups that an identity provider may tell of. */
export function anyDirectoryGroup(random: Random): string {
  return random.pick(['Engineering', 'engineering', 'Sales', 'Admins', '__proto__'])
}

/** A way to name this membership. */
export function refToMembership(random: Random, { id, userId }: MembershipFact): MembershipRef {
  return random.chance(0.5) ? { membershipId: id } : { userId }
}

/** A way to name this resource. */
export function refToResource(random: Random, resource: ResourceFact): ResourceRef {
  if (random.chance(0.4)) return { resourceId: resource.id }
  const { type, externalId, organizationId, parentId } = resource
  if (parentId === undefined && random.chance(0.5)) return { type, externalId: organizationId }
  return { type, externalId }
}

/** A way to name this subject. */
export function refToSubject(random: Random, facts: Facts, key: SubjectKey): SubjectRef {
  if (key.kind === 'group') return { groupId: key.id }
  if (key.kind === 'agent') {
    const agent = facts.resources.find(({ id }) => id === key.id)
    return { agent: agent === undefined ? { resourceId: key.id } : refToResource(random, agent) }
  }
  const membership = facts.memberships.find(({ id }) => id === key.id)
  return membership === undefined ? { membershipId: key.id } : refToMembership(random, membership)
}

/** A name that often means nothing here: of another organization, or of nothing at all. */
export function strangeMembership(random: Random, facts: Facts): MembershipRef {
  const elsewhere = random.pick(facts.memberships)
  return random.weighted<MembershipRef>([
    [2, { membershipId: elsewhere?.id ?? anyMembershipId(random) }],
    [1, { membershipId: anyMembershipId(random) }],
    [1, { userId: anyUserId(random) }],
    [1, { userId: elsewhere?.id ?? 'nobody' }],
  ])
}

/** Likewise for any kind of subject. A resource that is not able to act is no agent. */
export function strangeSubject(random: Random, facts: Facts): SubjectRef {
  return random.weighted<() => SubjectRef>([
    [3, () => strangeMembership(random, facts)],
    [1, () => ({ groupId: random.pick(facts.groups)?.id ?? parseGroupId('group_nowhere') })],
    [0.5, () => ({ groupId: parseGroupId('group_nowhere') })],
    [1, () => ({ agent: strangeResource(random, facts) })],
  ])()
}

/** Likewise for a resource. */
export function strangeResource(random: Random, facts: Facts): ResourceRef {
  const elsewhere = random.pick(facts.resources)
  const type = random.pick(facts.types)?.slug ?? 'organization'
  return random.weighted<ResourceRef>([
    [3, { resourceId: elsewhere?.id ?? parseResourceId('authz_resource_nowhere') }],
    [1, { resourceId: parseResourceId(`authz_resource_${random.between(1, 9)}`) }],
    [2, { type, externalId: anyExternalId(random) }],
    [1, { type, externalId: elsewhere?.id ?? 'nothing' }],
    [1, { type: 'no-such-type', externalId: anyExternalId(random) }],
    [1, { type: 'constructor', externalId: '__proto__' }],
  ])
}
