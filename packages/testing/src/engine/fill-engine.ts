import {
  type AuthorizationEngine,
  type Group,
  type Membership,
  type Organization,
  parseMembershipId,
  parseOrganizationId,
  type Resource,
  type ResourceRef,
  rootType,
  type SubjectRef,
} from '@bailiwick/core'
import type { Fixtures, GroupFixture, HolderFixture, OrganizationFixture, PersonFixture } from './fixtures.js'
import { named } from './named.js'
import { parentsFirst, parsePlace } from './places.js'

/** One organization of the fixtures as the engine made it, with everything in it by its name. */
export interface FilledOrganization {
  readonly organization: Organization
  readonly resources: ReadonlyMap<string, Resource>
  readonly memberships: ReadonlyMap<string, Membership>
  readonly groups: ReadonlyMap<string, Group>
}

/** Make what the fixtures say, by the same commands that an application uses, so that every rule holds. */
export async function fillEngine(
  engine: AuthorizationEngine,
  { organizations }: Pick<Fixtures, 'organizations'>,
): Promise<ReadonlyMap<string, FilledOrganization>> {
  const filled = new Map<string, FilledOrganization>()
  for (const [name, fixture] of Object.entries(organizations)) {
    filled.set(name, await fillOrganization(engine, name, fixture))
  }
  return filled
}

async function fillOrganization(
  engine: AuthorizationEngine,
  name: string,
  fixture: OrganizationFixture,
): Promise<FilledOrganization> {
  const id = parseOrganizationId(`org_${name}`, `organizations.${name}`)
  const { value: organization } = await engine.createOrganization({ id, name })
  const resources = new Map<string, Resource>()
  for (const { place, under, name } of parentsFirst(fixture.resources ?? {})) {
    const { type, externalId } = parsePlace(place)
    const parent = under && { parent: parsePlace(under) }
    const resource = { organizationId: id, type, externalId, name: name ?? externalId, ...parent }
    resources.set(place, (await engine.createResource(resource)).value)
  }
  for (const [slug, role] of Object.entries(fixture.organizationRoles ?? {})) {
    await engine.createOrganizationRole({ organizationId: id, slug, name: slug, ...role })
  }
  const memberships = new Map<string, Membership>()
  for (const [person, held] of Object.entries(fixture.people ?? {})) {
    memberships.set(person, await addPerson(engine, organization, person, held))
  }
  const groups = new Map<string, Group>()
  for (const [group, held] of Object.entries(fixture.groups ?? {})) {
    groups.set(group, await addGroup(engine, organization, group, held, memberships))
  }
  for (const [place, held] of Object.entries<HolderFixture>(fixture.agents ?? {})) {
    await give(engine, organization, { agent: parsePlace(place) }, held)
  }
  return { organization, resources, memberships, groups }
}

async function addPerson(
  engine: AuthorizationEngine,
  organization: Organization,
  person: string,
  { roles = [], status = 'active', ...held }: PersonFixture,
): Promise<Membership> {
  const { id: organizationId, name } = organization
  const membership = await engine.createMembership({
    organizationId,
    id: parseMembershipId(`om_${name}_${person}`, `organizations.${name}.people.${person}`),
    userId: `user_${person}`,
    roles,
    status,
  })
  await give(engine, organization, { membershipId: membership.value.id }, held)
  return membership.value
}

async function addGroup(
  engine: AuthorizationEngine,
  organization: Organization,
  name: string,
  { members = [], ...held }: GroupFixture,
  memberships: ReadonlyMap<string, Membership>,
): Promise<Group> {
  const { value: group } = await engine.createGroup({ organizationId: organization.id, name })
  for (const person of members) {
    const { id } = named(memberships, person, 'person')
    await engine.addGroupMember(organization.id, group.id, { membershipId: id })
  }
  await give(engine, organization, { groupId: group.id }, held)
  return group
}

async function give(
  engine: AuthorizationEngine,
  { id: organizationId }: Organization,
  subject: SubjectRef,
  { roles = [], on = {}, denied = {}, allowed = {} }: HolderFixture,
): Promise<void> {
  for (const role of roles) await engine.assignRole({ organizationId, subject, role })
  for (const [role, place] of eachOf(on)) {
    await engine.assignRole({ organizationId, subject, role, ...placed(place) })
  }
  for (const [permission, place] of eachOf(denied)) {
    await engine.createExclusion({ organizationId, subject, permission, ...placed(place) })
  }
  for (const [permission, place] of eachOf(allowed)) {
    const effect = 'allow'
    await engine.createExclusion({ organizationId, subject, permission, effect, ...placed(place) })
  }
}

function eachOf(
  held: Readonly<Record<string, string | readonly string[] | undefined>>,
): readonly (readonly [slug: string, place: string])[] {
  return Object.entries(held).flatMap(([place, slugs = []]) =>
    (typeof slugs === 'string' ? [slugs] : slugs).map((slug) => [slug, place] as const),
  )
}

function placed(place: string): { readonly resource?: ResourceRef } {
  return place === rootType ? {} : { resource: parsePlace(place) }
}
