import { type Model, rootType } from '@bailiwick/core'

/**
 * A model as a TypeScript module: it states the model, and registers it, so that the compiler knows every slug.
 *
 * @param origin - Where the model was read, for who reads the file.
 */
export function modelSource(model: Model, origin: string): string {
  return `// Made by \`bailiwick codegen\` from ${origin}: make it anew rather than edit it.
import { defineModel } from '@bailiwick/core'

export const model = defineModel(${written(definitionOf(model), '')})

declare module '@bailiwick/core' {
  interface Register {
    model: typeof model
  }
}
`
}

function definitionOf(model: Model): object {
  const types = [...model.types.values()].filter(({ slug }) => slug !== rootType)
  return {
    resourceTypes: bySlug(types, ({ slug, name, description, parents, agent }) => ({
      parents,
      ...about(slug, name, description),
      ...(agent && { agent }),
    })),
    permissions: bySlug(model.permissions.values(), ({ slug, name, description, on, fresh }) => {
      const more = { ...about(slug, name, description), ...(fresh && { fresh }) }
      return Object.keys(more).length === 0 ? on : { on, ...more }
    }),
    roles: bySlug(model.roles.values(), ({ slug, name, description, on, permissions }) => ({
      on,
      permissions,
      ...about(slug, name, description),
    })),
    ...(model.defaultRole !== undefined && { defaultRole: model.defaultRole }),
    ...(model.roleMode !== 'multiple' && { roleMode: model.roleMode }),
    ...(model.rolePriority.length > 0 && { rolePriority: model.rolePriority }),
    ...(model.maxDepth !== 5 && { maxDepth: model.maxDepth }),
  }
}

function about(slug: string, name: string, description: string | null): object {
  return { ...(name !== slug && { name }), ...(description !== null && { description }) }
}

function bySlug<Item extends { readonly slug: string }>(
  items: Iterable<Item>,
  define: (item: Item) => unknown,
) {
  const sorted = [...items].sort((one, other) => (one.slug < other.slug ? -1 : 1))
  return Object.fromEntries(sorted.map((item) => [item.slug, define(item)]))
}

/** A value as source: lists of words on one line, everything else as it is read best. */
function written(value: unknown, indent: string): string {
  if (Array.isArray(value)) return `[${value.map((item) => written(item, indent)).join(', ')}]`
  if (typeof value !== 'object' || value === null) return literal(value)
  const inner = `${indent}  `
  const lines = Object.entries(value).map(
    ([key, field]) => `${inner}${named(key)}: ${written(field, inner)},\n`,
  )
  return lines.length === 0 ? '{}' : `{\n${lines.join('')}${indent}}`
}

function named(key: string): string {
  return /^[a-z_$][\w$]*$/i.test(key) ? key : literal(key)
}

/** As JSON escapes it, in single quotes. */
function literal(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value)
  return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
