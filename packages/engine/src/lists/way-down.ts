import { rootType } from '@bailiwick/core'
import type { Environment } from '../environment/environment.js'

/** How one gets from anywhere in an organization down to the resources of one type. */
export interface WayDown {
  /** By type, whether resources of it can have the wanted type below them: a way that leads nowhere is not gone. */
  readonly leads: readonly boolean[]
  /** Those types without the root's: none stands before one that it can lie below. */
  readonly types: readonly number[]
}

/** The way down to a type. Kept, since a short list costs less than finding it. */
export function wayDown(environment: Environment, wanted: number): WayDown {
  let byWanted = ways.get(environment)
  if (byWanted === undefined) {
    byWanted = []
    ways.set(environment, byWanted)
  }
  byWanted[wanted] ??= find(environment, wanted)
  return byWanted[wanted]
}

const ways = new WeakMap<Environment, WayDown[]>()

function find(environment: Environment, wanted: number): WayDown {
  const slug = environment.typeSlug(wanted)
  const types = [...environment.model.types.values()]
  const leads = types.map((type) => type.slug !== slug && type.selfAndBelow.has(slug))
  // What a type can lie below has all below it that the type has, and the type.
  const order = types
    .filter(({ slug: each }, type) => leads[type] && each !== rootType)
    .sort((one, other) => other.selfAndBelow.size - one.selfAndBelow.size)
  return { leads, types: order.map((type) => environment.typeIndex(type.slug)) }
}
