import { InputInvalid, type Model, type ModelDefinition, parseDescription, parseName } from '@bailiwick/core'

/** What a model becomes: looks at what is written down now, and says what shall be, or throws why it cannot. */
export type ModelEdit = (current: ModelDefinition, model: Model) => ModelDefinition

/** A name and a description as a definition has them: what is not given is left out, and so is an empty description. */
export function described(input: { readonly name?: string; readonly description?: string | null }): {
  readonly name?: string
  readonly description?: string
} {
  const description = parseDescription(input.description)
  return {
    ...(input.name !== undefined && { name: parseName(input.name) }),
    ...(description !== null && { description }),
  }
}

/** A part of a definition with another name or description; `null` clears the description. */
export function renamed<Part extends { readonly name?: string; readonly description?: string }>(
  part: Part,
  to: { readonly name?: string; readonly description?: string | null },
): Omit<Part, 'name' | 'description'> & { readonly name?: string; readonly description?: string } {
  const { name, description, ...rest } = part
  const kept = {
    ...(name !== undefined && { name }),
    ...(description !== undefined && to.description === undefined && { description }),
  }
  return { ...rest, ...kept, ...described(to) }
}

/** Parts without one of them. */
export function without<Part>(
  parts: Readonly<Record<string, Part>>,
  slug: string,
): Readonly<Record<string, Part>> {
  return Object.fromEntries(Object.entries(parts).filter(([each]) => each !== slug))
}

/** @throws {InputInvalid} for what is no array of slugs. */
export function slugsOf(field: string, slugs: readonly string[]): readonly string[] {
  if (!Array.isArray(slugs)) throw new InputInvalid(field, 'must be an array of slugs', slugs)
  return slugs
}
