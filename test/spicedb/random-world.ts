import {
  type ModelDefinition,
  type OrganizationId,
  parseMembershipId,
  parseOrganizationId,
  type RoleDefinition,
} from '@bailiwick/core'
import type { Random } from '../oracle/random/random.js'
import {
  type AssignmentFacts,
  agentTypes,
  type ExclusionFacts,
  type MembershipFacts,
  type OrganizationFacts,
  type OwnRole,
  type PlacedResource,
  permissionsOf,
  type ResourceName,
  rootOf,
  type Subject,
  type World,
} from './world.js'

/**
 * A small world of two organizations in which external ids and the slugs of own roles repeat. Small, since SpiceDB
 * in memory slows down as it grows; many of them make up for it.
 */
export function randomWorld(random: Random): World {
  const model = randomModel(random)
  return {
    model,
    organizations: ['org_alpha', 'org_beta'].map((id) =>
      randomOrganization(random, model, parseOrganizationId(id)),
    ),
  }
}

const typeNames = ['workspace', 'folder', 'project', 'document', 'robot']

function randomModel(random: Random): ModelDefinition {
  const parentsOf = new Map<string, readonly string[]>()
  for (const slug of typeNames.slice(0, random.between(3, typeNames.length))) {
    const possible = ['organization', ...parentsOf.keys()]
    // The latest types first, or most trees would be flat.
    parentsOf.set(slug, random.some(possible.slice(-2), random.between(1, 2)))
  }
  const types = ['organization', ...parentsOf.keys()]
  const agents = random.some([...parentsOf.keys()], random.between(1, 2))
  const permissions = Object.fromEntries(
    Array.from({ length: random.between(6, 10) }, (_, index) => {
      const on = random.pick(types) ?? 'organization'
      return [`${on}:do-${index}`, on]
    }),
  )
  const roles = types.flatMap((on) =>
    Array.from({ length: random.between(1, 2) }, (_, index): [string, RoleDefinition] => [
      `${on}-role-${index}`,
      { on, permissions: somePermissions(random, on, { parentsOf, permissions }) },
    ]),
  )
  return {
    resourceTypes: Object.fromEntries(
      [...parentsOf].map(([slug, parents]) => [slug, { parents, agent: agents.includes(slug) }]),
    ),
    permissions,
    roles: Object.fromEntries(roles),
  }
}

/** Of the type and of those below it, at least one where there is any. */
function somePermissions(
  random: Random,
  on: string,
  {
    parentsOf,
    permissions,
  }: {
    readonly parentsOf: ReadonlyMap<string, readonly string[]>
    readonly permissions: Readonly<Record<string, string>>
  },
): readonly string[] {
  const liesUnder = (type: string): boolean => type === on || (parentsOf.get(type) ?? []).some(liesUnder)
  const holdable = Object.keys(permissions).filter((slug) => liesUnder(permissions[slug] as string))
  return random.some(holdable, random.between(1, Math.ceil(holdable.length * 0.7)))
}

function randomOrganization(random: Random, model: ModelDefinition, id: OrganizationId): OrganizationFacts {
  const roles = randomOwnRoles(random, model)
  const memberships = Array.from(
    { length: random.between(5, 8) },
    (_, index): MembershipFacts => ({
      id: parseMembershipId(`om_${id}_${index}`),
      active: random.chance(0.85),
      roles: random.chance(0.3)
        ? random.some(slugsOn('organization', model, roles), random.between(1, 2))
        : [],
      directoryGroups: random.chance(0.4) ? random.some(directoryGroups, random.between(1, 2)) : [],
    }),
  )
  const groups = Array.from({ length: random.between(2, 4) }, (_, index) => ({
    name: `group_${id}_${index}`,
    members: random.some(memberships, random.between(0, 4)).map((membership) => membership.id),
  }))
  const resources = randomTree(random, model, id)
  const places = [rootOf(id), ...resources.map(({ name }) => name)]
  const acting = places.filter(({ type }) => agentTypes(model).includes(type))
  const subject = (): Subject =>
    random.weighted<() => Subject>([
      [5, () => ({ kind: 'membership', id: (random.pick(memberships) as MembershipFacts).id })],
      [4, () => ({ kind: 'group', name: random.pick(groups)?.name ?? '' })],
      [acting.length === 0 ? 0 : 2, () => ({ kind: 'agent', resource: random.pick(acting) as ResourceName })],
    ])()
  const held = (among: readonly ResourceName[]) => {
    const on = random.pick(among) ?? rootOf(id)
    return { on, role: random.pick(slugsOn(on.type, model, roles)) as string }
  }
  const below = places.slice(1)
  const assignments = distinct(random.between(8, 16), () => ({ subject: subject(), ...held(places) }))
  return {
    id,
    roles,
    resources,
    memberships,
    groups,
    assignments,
    exclusions: distinct(random.between(0, 8), (): ExclusionFacts => {
      const on = random.pick(places) as ResourceName
      if (random.chance(0.3)) {
        const permission = random.pick(Object.keys(model.permissions)) as string
        return { subject: subject(), effect: 'allow', permission, on }
      }
      // Against something held: one that denies what nothing grants changes no answer.
      const against = random.pick(assignments) as AssignmentFacts
      const permission = random.pick(permissionsOf(model, { roles }, against.role))
      return {
        subject: random.chance(0.7) ? against.subject : subject(),
        effect: 'deny',
        permission: permission ?? (Object.keys(model.permissions)[0] as string),
        on: random.chance(0.5) ? against.on : on,
      }
    }),
    mappings: distinct(below.length === 0 ? 0 : random.between(0, 4), () => ({
      directoryGroup: random.pick(directoryGroups) as string,
      ...held(below),
    })),
  }
}

/** So many draws, and none of them twice. */
function distinct<Fact>(draws: number, draw: () => Fact): readonly Fact[] {
  const facts = Array.from({ length: draws }, draw)
  return [...new Map(facts.map((fact) => [JSON.stringify(fact), fact])).values()]
}

const directoryGroups = ['Engineering', 'engineering', 'Sales']

function randomOwnRoles(random: Random, model: ModelDefinition): readonly OwnRole[] {
  const parentsOf = new Map(Object.entries(model.resourceTypes).map(([slug, { parents }]) => [slug, parents]))
  const permissions = model.permissions as Readonly<Record<string, string>>
  return Array.from({ length: random.between(0, 2) }, (_, index) => {
    const on = random.pick(['organization', ...parentsOf.keys()]) as string
    return {
      slug: `org-own-${index}`,
      on,
      permissions: somePermissions(random, on, { parentsOf, permissions }),
    }
  })
}

function slugsOn(type: string, { roles }: ModelDefinition, own: readonly OwnRole[]): readonly string[] {
  const shared = Object.entries(roles).map(([slug, { on }]) => ({ slug, on }))
  return [...shared, ...own].filter(({ on }) => on === type).map(({ slug }) => slug)
}

function randomTree(
  random: Random,
  { resourceTypes }: ModelDefinition,
  organization: OrganizationId,
): readonly PlacedResource[] {
  const placed: PlacedResource[] = []
  for (const [type, { parents }] of Object.entries(resourceTypes)) {
    const possible = [rootOf(organization), ...placed.map(({ name }) => name)].filter((parent) =>
      parents.includes(parent.type),
    )
    for (let index = 0; possible.length > 0 && index < random.between(2, 7); index++) {
      const parent = random.pick(possible) as ResourceName
      placed.push({ name: { organization, type, externalId: `${index}` }, parent })
    }
  }
  return placed
}
