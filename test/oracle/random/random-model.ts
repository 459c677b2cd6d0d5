import type { ModelDefinition } from '@bailiwick/core'
import type { Random } from './random.js'

/** Whether a world has agents, exclusions and roles of single organizations. */
export type Richness = 'plain' | 'rich'

/**
 * A model with several parents to a type, roles on every type, and more permissions than fit a machine word.
 */
export function randomModel(random: Random, richness: Richness): ModelDefinition {
  const parentsOf = randomTypes(random)
  const types = ['organization', ...parentsOf.keys()]
  const permissions = new Map(
    Array.from({ length: random.between(40, 70) }, (_, index) => {
      const on = random.pick(types) ?? 'organization'
      return [`${on}:${verbs[index % verbs.length]}-${index}`, on] as const
    }),
  )
  const roles = types.flatMap((on) => randomRoles(random, on, parentsOf, permissions))
  const rootRoles = roles.filter(([, { on }]) => on === 'organization').map(([slug]) => slug)
  const defaultRole = random.chance(0.5) ? random.pick(rootRoles) : undefined
  const agents = richness === 'rich' ? random.some([...parentsOf.keys()], random.between(1, 2)) : []
  return {
    resourceTypes: Object.fromEntries(
      [...parentsOf].map(([slug, parents]) => [slug, { parents, agent: agents.includes(slug) }]),
    ),
    permissions: Object.fromEntries(permissions),
    roles: Object.fromEntries(roles),
    roleMode: random.chance(0.3) ? 'single' : 'multiple',
    rolePriority: random.some(rootRoles, random.between(0, rootRoles.length)),
    ...(defaultRole === undefined ? {} : { defaultRole }),
  }
}

const verbs = ['view', 'edit', 'share', 'delete', 'manage']
const typeNames = ['workspace', 'folder', 'project', 'environment', 'app', 'document', 'page']

/** Each type lies under one to three of those before it, so that no cycle can arise; at most 5 levels deep. */
function randomTypes(random: Random): ReadonlyMap<string, readonly string[]> {
  const levels = new Map([['organization', 0]])
  const parentsOf = new Map<string, readonly string[]>()
  for (const slug of typeNames.slice(0, random.between(4, typeNames.length))) {
    const possible = [...levels].filter(([, level]) => level < 5).map(([parent]) => parent)
    // The latest types first, or most trees would be flat.
    const parents = new Set(random.some(possible.slice(-3), random.between(1, 2)))
    if (random.chance(0.3)) parents.add(random.pick(possible) ?? 'organization')
    parentsOf.set(slug, [...parents])
    levels.set(slug, 1 + Math.max(...[...parents].map((parent) => levels.get(parent) ?? 0)))
  }
  return parentsOf
}

function randomRoles(
  random: Random,
  on: string,
  parentsOf: ReadonlyMap<string, readonly string[]>,
  permissions: ReadonlyMap<string, string>,
): readonly (readonly [string, { readonly on: string; readonly permissions: readonly string[] }])[] {
  const holdable = [...permissions].filter(([, type]) => liesUnder(type, on, parentsOf)).map(([slug]) => slug)
  return Array.from({ length: random.between(2, 4) }, (_, index) => {
    const share = random.weighted([
      [4, 0.04],
      [5, 0.1],
      [2, 0.3],
      [0.5, 1],
    ])
    return [
      `${on}-role-${index}`,
      { on, permissions: random.some(holdable, Math.ceil(holdable.length * share)) },
    ] as const
  })
}

function liesUnder(type: string, above: string, parentsOf: ReadonlyMap<string, readonly string[]>): boolean {
  return type === above || (parentsOf.get(type) ?? []).some((parent) => liesUnder(parent, above, parentsOf))
}
