import { parseMembershipId } from '@bailiwick/core'
import type { Random } from '../oracle/random/random.js'
import type { Question } from './question.js'
import {
  agentTypes,
  keyOf,
  type OrganizationFacts,
  permissionsOf,
  type ResourceName,
  rootOf,
  type Subject,
  type World,
} from './world.js'

/**
 * Questions about a world: checks, and one list in ten or so. Most of them follow something held down. A check is put
 * for every resource of a type at once, since SpiceDB answers those together.
 */
export function randomQuestions(random: Random, world: World, count: number): readonly Question[] {
  const questions: Question[] = []
  while (questions.length < count) questions.push(...draw(random, world))
  return questions.slice(0, count)
}

function draw(random: Random, world: World): readonly Question[] {
  const organization = random.pick(world.organizations) as OrganizationFacts
  const places = placesOf(organization)
  const likely = random.chance(0.75) ? likelyCheck(random, world, organization) : undefined
  const { subject, permission, resource } = likely ?? {
    subject: anySubject(random, world, organization),
    permission: random.pick(Object.keys(world.model.permissions)) as string,
    resource: anyPlace(random, organization),
  }
  const onBehalfOf = random.chance(0.15) ? [anySubject(random, world, organization)] : []
  const under = {
    resource: random.pick(places) as ResourceName,
    depth: random.chance(0.6) ? 'subtree' : 'children',
  } as const
  const type = random.pick(['organization', ...Object.keys(world.model.resourceTypes)]) as string
  return random.weighted<() => readonly Question[]>([
    [
      4,
      () =>
        [resource, ...places.filter((place) => place.type === resource.type && place !== resource)].map(
          (each) => ({ ask: 'check', subject, onBehalfOf, permission, resource: each }),
        ),
    ],
    [
      1,
      () => [
        {
          ask: 'resources',
          organization: organization.id,
          subject,
          onBehalfOf,
          permission,
          type,
          under: random.chance(0.5) ? under : undefined,
        },
      ],
    ],
    [
      1,
      () => [
        {
          ask: 'subjects',
          permission,
          resource,
          kind: random.pick(['membership', 'membership', 'group', 'agent']),
          access: random.chance(0.7) ? 'any' : 'direct',
        },
      ],
    ],
  ])()
}

/** Whoever holds a role or an exclusion, or is in the group that does, asks for what is in it, there or below. */
function likelyCheck(
  random: Random,
  { model }: World,
  organization: OrganizationFacts,
): { readonly subject: Subject; readonly permission: string; readonly resource: ResourceName } | undefined {
  const held = random.chance(0.8)
    ? random.pick(organization.assignments)
    : random.pick(organization.exclusions)
  if (held === undefined) return undefined
  const permissions = 'permission' in held ? [held.permission] : permissionsOf(model, organization, held.role)
  const permission = random.pick(permissions)
  const resource = random.pick(
    placesOf(organization).filter((place) => isUnder(organization, place, held.on)),
  )
  if (permission === undefined || resource === undefined) return undefined
  return { subject: holderOrMember(random, organization, held.subject), permission, resource }
}

function holderOrMember(random: Random, { groups }: OrganizationFacts, subject: Subject): Subject {
  if (subject.kind !== 'group' || random.chance(0.3)) return subject
  const member = random.pick(groups.find(({ name }) => name === subject.name)?.members ?? [])
  return member === undefined ? subject : { kind: 'membership', id: member }
}

/** Of this organization; now and then of another one, or somebody whom nobody knows. */
function anySubject(random: Random, world: World, organization: OrganizationFacts): Subject {
  const { memberships, groups } = random.chance(0.9)
    ? organization
    : (random.pick(world.organizations) as OrganizationFacts)
  const agents = placesOf(organization).filter(({ type }) => agentTypes(world.model).includes(type))
  const nobody: Subject = { kind: 'membership', id: parseMembershipId('om_nobody') }
  return (
    random.weighted<() => Subject | undefined>([
      [7, () => ({ kind: 'membership', id: random.pick(memberships)?.id ?? nobody.id })],
      [2, () => ({ kind: 'group', name: random.pick(groups)?.name ?? '' })],
      [2, () => agentOf(random.pick(agents))],
      [0.1, () => nobody],
    ])() ?? nobody
  )
}

function agentOf(resource: ResourceName | undefined): Subject | undefined {
  return resource === undefined ? undefined : { kind: 'agent', resource }
}

/** A resource of the organization, or now and then a name that nothing has. */
function anyPlace(random: Random, organization: OrganizationFacts): ResourceName {
  const place = random.pick(placesOf(organization)) as ResourceName
  return random.chance(0.02) && place.type !== 'organization' ? { ...place, externalId: 'nothing' } : place
}

function placesOf({ id, resources }: OrganizationFacts): readonly ResourceName[] {
  return [rootOf(id), ...resources.map(({ name }) => name)]
}

function isUnder({ resources }: OrganizationFacts, place: ResourceName, above: ResourceName): boolean {
  if (keyOf(place) === keyOf(above)) return true
  const parent = resources.find(({ name }) => keyOf(name) === keyOf(place))?.parent
  return parent !== undefined && isUnder({ resources } as OrganizationFacts, parent, above)
}
