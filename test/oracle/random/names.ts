import {
  type MembershipId,
  type OrganizationId,
  parseMembershipId,
  parseOrganizationId,
  parseResourceId,
  type ResourceRef,
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

/** A way to name this membership. */
export function refToMembership(random: Random, { id, userId }: MembershipFact): SubjectRef {
  return random.chance(0.5) ? { membershipId: id } : { userId }
}

/** A way to name this resource. */
export function refToResource(random: Random, resource: ResourceFact): ResourceRef {
  if (random.chance(0.4)) return { resourceId: resource.id }
  const { type, externalId, organizationId, parentId } = resource
  if (parentId === undefined && random.chance(0.5)) return { type, externalId: organizationId }
  return { type, externalId }
}

/** A name that often means nothing here: of another organization, of another type, of nothing at all. */
export function strangeSubject(random: Random, facts: Facts): SubjectRef {
  const elsewhere = random.pick(facts.memberships)
  return random.weighted<SubjectRef>([
    [2, { membershipId: elsewhere?.id ?? anyMembershipId(random) }],
    [1, { membershipId: anyMembershipId(random) }],
    [1, { userId: anyUserId(random) }],
    [1, { userId: elsewhere?.id ?? 'nobody' }],
  ])
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
