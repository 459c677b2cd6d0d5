import {
  EntityExists,
  EntityNotFound,
  type Model,
  type ModelBlocker,
  ModelChangeRefused,
  type ModelDefinition,
  type NewResourceType,
  parseSlug,
  type Renaming,
  type ResourceTypeDefinition,
  rootType,
} from '@bailiwick/core'
import { described, type ModelEdit, renamed, slugsOf, without } from './edit.js'

/** A new type, under types that are there. */
export function createResourceType(input: NewResourceType): ModelEdit {
  const slug = parseSlug(input.slug, 'slug')
  const parents = slugsOf('parents', input.parents ?? [rootType])
  const { agent = false } = input
  return (current, model) => {
    if (model.types.has(slug)) throw new EntityExists('resource_type', slug)
    for (const parent of parents) model.type(parent)
    return withType(current, slug, { parents, agent, ...described(input) })
  }
}

/** Another name or description. */
export function updateResourceType(slug: string, to: Renaming): ModelEdit {
  return (current) => withType(current, slug, renamed(requireType(current, slug), to))
}

/** One more type under which it may live. Again changes nothing. */
export function addParentType(slug: string, parent: string): ModelEdit {
  return (current, model) => {
    const type = requireType(current, slug)
    model.type(parent)
    return withType(current, slug, { ...type, parents: [...type.parents, parent] })
  }
}

/** No longer a type; what is stored of it is looked for when the change is made. */
export function deleteResourceType(slug: string): ModelEdit {
  return (current, model) => {
    requireType(current, slug)
    const blockers = blockersOf(model, slug)
    if (blockers.length > 0) throw new ModelChangeRefused(blockers)
    return { ...current, resourceTypes: without(current.resourceTypes, slug) }
  }
}

function withType(current: ModelDefinition, slug: string, type: ResourceTypeDefinition): ModelDefinition {
  return { ...current, resourceTypes: { ...current.resourceTypes, [slug]: type } }
}

/** The root is no type that anybody has made, or can change. */
function requireType({ resourceTypes }: ModelDefinition, slug: string): ResourceTypeDefinition {
  const type = Object.hasOwn(resourceTypes, slug) ? resourceTypes[slug] : undefined
  if (type === undefined) throw new EntityNotFound('resource_type', slug)
  return type
}

/** What the model itself still has of a type. */
function blockersOf(model: Model, slug: string): readonly ModelBlocker[] {
  const on = (parts: Iterable<{ readonly slug: string; readonly on: string }>) =>
    [...parts].filter((part) => part.on === slug).map((part) => part.slug)
  const left = [
    ['child types', model.type(slug).children],
    ['permissions', on(model.permissions.values())],
    ['roles', on(model.roles.values())],
  ] as const
  return left
    .filter(([, slugs]) => slugs.length > 0)
    .map(([what, slugs]) => ({
      part: 'resource_type',
      slug,
      dependents: slugs.length,
      remedy: `type \`${slug}\` still has the ${what} ${slugs.map((each) => `\`${each}\``).join(', ')}: delete them first`,
    }))
}
