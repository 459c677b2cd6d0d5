import type { Environment } from '../environment/environment.js'

/**
 * By type, whether resources of it can have the wanted type below them: a way down that leads nowhere is not gone.
 */
export function leadingTypes(environment: Environment, wanted: number): readonly boolean[] {
  let byWanted = leading.get(environment)
  if (byWanted === undefined) {
    byWanted = []
    leading.set(environment, byWanted)
  }
  byWanted[wanted] ??= findLeading(environment, wanted)
  return byWanted[wanted]
}

/** Kept, since a short list costs less than the question which types lead to it. */
const leading = new WeakMap<Environment, (readonly boolean[])[]>()

function findLeading(environment: Environment, wanted: number): readonly boolean[] {
  const slug = environment.typeSlug(wanted)
  return [...environment.model.types.values()].map(
    (type) => type.slug !== slug && type.selfAndBelow.has(slug),
  )
}
