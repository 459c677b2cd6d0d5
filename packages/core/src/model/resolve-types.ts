import { ModelInvalid } from '../errors/model-errors.js'
import { limits, parseDescription, parseName } from '../input.js'
import { nearestSlug, parseSlug } from '../slugs.js'
import type { ResourceTypeDefinition } from './definition.js'
import { type ResourceType, rootType } from './model.js'

/**
 * Check the hierarchy of types and close it over its arrows: what may lie where, at any depth.
 *
 * @throws {ModelInvalid} for an unknown parent, a cycle, too many types or children, or too many levels.
 */
export function resolveTypes(
  definitions: Readonly<Record<string, ResourceTypeDefinition>>,
  maxDepth: number,
): ReadonlyMap<string, ResourceType> {
  const parentsOf = readParents(definitions)
  const childrenOf = invert(parentsOf)
  const belowOf = new Map<string, ReadonlySet<string>>()
  for (const slug of parentsOf.keys()) closeOver(slug, childrenOf, belowOf, [])
  const levels = new Map<string, number>()
  for (const slug of parentsOf.keys()) {
    if (levelOf(slug, parentsOf, levels) > maxDepth) {
      throw new ModelInvalid(
        slug,
        `lies ${levelOf(slug, parentsOf, levels)} levels below \`organization\`; at most ${maxDepth} are allowed (\`maxDepth\`)`,
      )
    }
  }
  return new Map(
    [...parentsOf].map(([slug, parents]) => [
      slug,
      {
        slug,
        name: parseName(definitions[slug]?.name ?? slug),
        description: parseDescription(definitions[slug]?.description),
        agent: definitions[slug]?.agent ?? false,
        parents,
        children: childrenOf.get(slug) as readonly string[],
        selfAndBelow: belowOf.get(slug) as ReadonlySet<string>,
      },
    ]),
  )
}

function readParents(
  definitions: Readonly<Record<string, ResourceTypeDefinition>>,
): Map<string, readonly string[]> {
  const slugs = Object.keys(definitions)
  if (slugs.length > limits.typesPerModel) {
    throw new ModelInvalid(
      slugs[limits.typesPerModel] as string,
      `is one type too many: at most ${limits.typesPerModel} are allowed`,
    )
  }
  const parentsOf = new Map<string, readonly string[]>([[rootType, []]])
  for (const slug of slugs) {
    parseSlug(slug, 'resource type')
    if (slug === rootType)
      throw new ModelInvalid(slug, 'is the root of every organization and is not defined again')
    parentsOf.set(slug, [...new Set(definitions[slug]?.parents)].sort())
  }
  for (const [slug, parents] of parentsOf) {
    if (parents.length === 0 && slug !== rootType) {
      throw new ModelInvalid(
        slug,
        "has no parent type; a type directly under the organization has `parents: ['organization']`",
      )
    }
    for (const parent of parents) {
      if (parentsOf.has(parent)) continue
      const nearest = nearestSlug(parent, parentsOf.keys())
      throw new ModelInvalid(
        slug,
        `has the unknown parent type \`${parent}\`${nearest === undefined ? '' : `; did you mean \`${nearest}\`?`}`,
      )
    }
  }
  return parentsOf
}

function invert(parentsOf: ReadonlyMap<string, readonly string[]>): Map<string, readonly string[]> {
  const childrenOf = new Map<string, string[]>([...parentsOf.keys()].map((slug) => [slug, []]))
  for (const [slug, parents] of parentsOf) for (const parent of parents) childrenOf.get(parent)?.push(slug)
  for (const [slug, children] of childrenOf) {
    if (children.length > limits.childTypesPerType) {
      throw new ModelInvalid(
        slug,
        `has ${children.length} child types; at most ${limits.childTypesPerType} are allowed`,
      )
    }
    children.sort()
  }
  return childrenOf
}

/** Everything reachable downward, itself included. `above` is the way we came: meeting it again is a cycle. */
function closeOver(
  slug: string,
  childrenOf: ReadonlyMap<string, readonly string[]>,
  belowOf: Map<string, ReadonlySet<string>>,
  above: readonly string[],
): ReadonlySet<string> {
  const known = belowOf.get(slug)
  if (known !== undefined) return known
  if (above.includes(slug)) {
    const cycle = [...above.slice(above.indexOf(slug)), slug].map((step) => `\`${step}\``).join(' → ')
    throw new ModelInvalid(slug, `lies under itself: ${cycle}`)
  }
  const below = new Set([slug])
  for (const child of childrenOf.get(slug) ?? []) {
    for (const deeper of closeOver(child, childrenOf, belowOf, [...above, slug])) below.add(deeper)
  }
  belowOf.set(slug, below)
  return below
}

/** The longest way up to the organization. Only called once the types are known to have no cycle. */
function levelOf(
  slug: string,
  parentsOf: ReadonlyMap<string, readonly string[]>,
  levels: Map<string, number>,
): number {
  const known = levels.get(slug)
  if (known !== undefined) return known
  const above = (parentsOf.get(slug) ?? []).map((parent) => levelOf(parent, parentsOf, levels))
  const level = above.length === 0 ? 0 : Math.max(...above) + 1
  levels.set(slug, level)
  return level
}
