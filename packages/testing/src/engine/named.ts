import { Misconfigured, nearestSlug, shown } from '@bailiwick/core'

/** What the fixtures call `name`. @throws {Misconfigured} with the name that was probably meant. */
export function named<Value>(known: ReadonlyMap<string, Value>, name: string, noun: string): Value {
  const value = known.get(name)
  if (value !== undefined) return value
  const nearest = nearestSlug(name, known.keys())
  const hint = nearest === undefined ? '' : `; did you mean \`${nearest}\`?`
  throw new Misconfigured(`the fixtures hold no ${noun} ${shown(name)}${hint}`)
}
