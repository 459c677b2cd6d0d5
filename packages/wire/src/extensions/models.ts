import { compileModel, type Model, rootType } from '@bailiwick/core'
import { z } from 'zod'
import { knownSlug } from '../ids.js'

const labelled = { slug: knownSlug, name: z.string(), description: z.string().nullable() }

/** The whole model of the environment at one moment: types, permissions, roles, settings. */
export const model = z.object({
  object: z.literal('model'),
  /** Without `organization`, which every model has. */
  resource_types: z.array(
    z.object({ ...labelled, parent_type_slugs: z.array(knownSlug), agent: z.boolean() }),
  ),
  permissions: z.array(z.object({ ...labelled, resource_type_slug: knownSlug, fresh: z.boolean() })),
  roles: z.array(z.object({ ...labelled, resource_type_slug: knownSlug, permissions: z.array(knownSlug) })),
  default_role_slug: knownSlug.nullable(),
  role_mode: z.enum(['single', 'multiple']),
  /** Organization-level roles, highest first. */
  role_priority: z.array(knownSlug),
  max_depth: z.int(),
})
/** The JSON of a model. */
export type ModelJson = z.infer<typeof model>

/** Tell a model. */
export function renderModel(model: Model): ModelJson {
  const types = [...model.types.values()].filter(({ slug }) => slug !== rootType)
  return {
    object: 'model',
    resource_types: types.map(({ slug, name, description, parents, agent }) => ({
      slug,
      name,
      description,
      parent_type_slugs: [...parents],
      agent,
    })),
    permissions: [...model.permissions.values()].map(({ slug, name, description, on, fresh }) => ({
      slug,
      name,
      description,
      resource_type_slug: on,
      fresh,
    })),
    roles: [...model.roles.values()].map(({ slug, name, description, on, permissions }) => ({
      slug,
      name,
      description,
      resource_type_slug: on,
      permissions: [...permissions],
    })),
    default_role_slug: model.defaultRole ?? null,
    role_mode: model.roleMode,
    role_priority: [...model.rolePriority],
    max_depth: model.maxDepth,
  }
}

/**
 * Read a model from an answer.
 *
 * @throws {ZodError} for anything that is none.
 * @throws {ModelInvalid} when its parts do not fit together.
 */
export function parseModel(json: unknown): Model {
  const told = model.parse(json)
  return compileModel({
    resourceTypes: bySlug(
      told.resource_types,
      ({ name, description, parent_type_slugs: parents, agent }) => ({
        name,
        ...described(description),
        parents,
        agent,
      }),
    ),
    permissions: bySlug(told.permissions, ({ name, description, resource_type_slug: on, fresh }) => ({
      name,
      ...described(description),
      on,
      fresh,
    })),
    roles: bySlug(told.roles, ({ name, description, resource_type_slug: on, permissions }) => ({
      name,
      ...described(description),
      on,
      permissions,
    })),
    ...(told.default_role_slug === null ? {} : { defaultRole: told.default_role_slug }),
    roleMode: told.role_mode,
    rolePriority: told.role_priority,
    maxDepth: told.max_depth,
  })
}

function described(description: string | null) {
  return description === null ? {} : { description }
}

// `fromEntries` makes own keys of whatever a slug is, so `constructor` is a slug like others.
function bySlug<Item extends { readonly slug: string }, Definition>(
  items: readonly Item[],
  define: (item: Item) => Definition,
): Record<string, Definition> {
  return Object.fromEntries(items.map((item) => [item.slug, define(item)]))
}
