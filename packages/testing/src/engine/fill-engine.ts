import {
  type AuthorizationEngine,
  type Membership,
  type Organization,
  parseMembershipId,
  parseOrganizationId,
  type Resource,
} from '@bailiwick/core'
import type { Fixtures, OrganizationFixture, PersonFixture } from './fixtures.js'
import { parentsFirst, parsePlace } from './places.js'

/** One organization of the fixtures as the engine made it, with everything in it by its name. */
export interface FilledOrganization {
  readonly organization: Organization
  readonly resources: ReadonlyMap<string, Resource>
  readonly memberships: ReadonlyMap<string, Membership>
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
  { resources = {}, people = {} }: OrganizationFixture,
): Promise<FilledOrganization> {
  const id = parseOrganizationId(`org_${name}`, `organizations.${name}`)
  const { value: organization } = await engine.createOrganization({ id, name })
  const made = new Map<string, Resource>()
  for (const { place, under, name } of parentsFirst(resources)) {
    const { type, externalId } = parsePlace(place)
    const parent = under && { parent: parsePlace(under) }
    const resource = { organizationId: id, type, externalId, name: name ?? externalId, ...parent }
    made.set(place, (await engine.createResource(resource)).value)
  }
  const memberships = new Map<string, Membership>()
  for (const [person, fixture] of Object.entries(people)) {
    memberships.set(person, await addPerson(engine, organization, person, fixture))
  }
  return { organization, resources: made, memberships }
}

async function addPerson(
  engine: AuthorizationEngine,
  { id: organizationId, name }: Organization,
  person: string,
  { roles = [], on = {}, status = 'active' }: PersonFixture,
): Promise<Membership> {
  const membership = await engine.createMembership({
    organizationId,
    id: parseMembershipId(`om_${name}_${person}`, `organizations.${name}.people.${person}`),
    userId: `user_${person}`,
    roles,
    status,
  })
  const subject = { membershipId: membership.value.id }
  for (const [place, held] of Object.entries<string | readonly string[]>(on)) {
    for (const role of typeof held === 'string' ? [held] : held) {
      await engine.assignRole({ organizationId, subject, role, resource: parsePlace(place) })
    }
  }
  return membership.value
}
