import type { Depth } from '../graph/descendant-lists.js'
import type { OrderedEntries } from '../graph/ordered-ids.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import { leadingTypes } from './leading-types.js'

/** Hears of resources of the wanted type. */
export interface Met {
  one(resource: number): void
  /** Many of them, in order. Returns how many of the steps are left, and less than 0 when they were too few. */
  many(resources: OrderedEntries, steps: number): number
}

/**
 * Meet every resource of a type that lies below one of the tops, in any order, each once. A top of the type itself
 * is met as well.
 *
 * @param tops - None of them below another.
 * @param crowd - Past so many steps below one top, what lies there is put in order rather than looked through.
 * @returns whether that took no more than `steps`.
 */
export function gatherBelow(
  graph: OrganizationGraph,
  tops: readonly number[],
  type: number,
  depth: Depth,
  met: Met,
  steps: number,
  crowd: number,
): boolean {
  const { resources, environment } = graph
  const leading = leadingTypes(environment, type)
  let left = steps - tops.length
  for (const top of tops) {
    if (left < 0) return false
    const topType = resources.type(top)
    if (topType === type) met.one(top)
    if (leading[topType] !== true) continue
    let list = resources.below.find(top, type, depth)
    if (list === undefined) {
      const found: number[] = []
      const taken = lookBelow(graph, top, type, depth, leading, found, Math.min(left, crowd))
      if (taken <= left && taken <= crowd) {
        left -= taken
        for (const resource of found) met.one(resource)
        continue
      }
      if (left < crowd) return false
      list = resources.below.make(top, type, depth)
    }
    left = met.many(list, left)
  }
  return left >= 0
}

/** Collect what lies below one top. Returns how many steps it took: more than `most` when it did not arrive. */
function lookBelow(
  { resources }: OrganizationGraph,
  top: number,
  type: number,
  depth: Depth,
  leading: readonly boolean[],
  found: number[],
  most: number,
): number {
  let steps = 0
  const parents = [top]
  for (let parent = parents.pop(); parent !== undefined; parent = parents.pop()) {
    for (let child = resources.firstChild(parent); child !== none; child = resources.nextSibling(child)) {
      if (++steps > most) return steps
      const childType = resources.type(child)
      if (childType === type) found.push(child)
      else if (depth === 'subtree' && leading[childType]) parents.push(child)
    }
  }
  return steps
}
