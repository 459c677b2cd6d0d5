import type { Depth } from '../graph/descendant-lists.js'
import { EntryBits } from '../graph/entry-bits.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import { leadingTypes } from './leading-types.js'
import type { Nearest } from './nearest.js'

/** What to collect below the tops. */
export interface Below {
  readonly tops: readonly number[]
  readonly type: number
  readonly depth: Depth
  /** Whether a resource that was met belongs in the list; without it all do. */
  readonly passes: ((resource: number) => boolean) | undefined
}

/**
 * Offer every resource of a type that lies below one of the tops, in any order. A top of the type itself is offered
 * as well.
 *
 * @param crowd - Past so many steps below one top, what lies there is put in order rather than looked through.
 * @returns whether that took no more than `steps`.
 */
export function gatherBelow(
  graph: OrganizationGraph,
  below: Below,
  nearest: Nearest,
  steps: number,
  crowd: number,
): boolean {
  const { resources, records, environment } = graph
  const { tops, type, depth, passes } = below
  const leading = leadingTypes(environment, type)
  passed.clear(records.bound('resources'))
  let left = steps - tops.length
  for (let n = 0; n < tops.length && left >= 0; n++) {
    const top = tops[n] as number
    const topType = resources.type(top)
    if (topType === type) offer(nearest, top, passes)
    if (leading[topType] !== true || passed.has(top)) continue
    let list = resources.below.find(top, type, depth)
    if (list === undefined) {
      const taken = lookBelow(graph, top, below, leading, nearest, Math.min(left, crowd))
      if (taken <= left && taken <= crowd) {
        left -= taken
        continue
      }
      if (left < crowd) return false
      list = resources.below.make(top, type, depth)
    }
    const isNew = (resource: number) => !nearest.has(resource) && (passes === undefined || passes(resource))
    left = nearest.addOrdered(list, left, isNew)
  }
  return left >= 0
}

/** Below what one has looked already: tops lie below one another. One for all: a list never waits. */
const passed = new EntryBits(0)

/** Offer what lies below one top. Returns how many steps it took: more than `most` when it did not arrive. */
function lookBelow(
  { resources }: OrganizationGraph,
  top: number,
  { type, depth, passes }: Below,
  leading: readonly boolean[],
  nearest: Nearest,
  most: number,
): number {
  let steps = 0
  const parents = [top]
  for (let parent = parents.pop(); parent !== undefined; parent = parents.pop()) {
    passed.add(parent)
    for (let child = resources.firstChild(parent); child !== none; child = resources.nextSibling(child)) {
      if (++steps > most) return steps
      const childType = resources.type(child)
      if (childType === type) offer(nearest, child, passes)
      else if (depth === 'subtree' && leading[childType] === true && !passed.has(child)) parents.push(child)
    }
  }
  return steps
}

function offer(nearest: Nearest, resource: number, passes: Below['passes']): void {
  if (!nearest.has(resource) && nearest.wants(resource) && (passes === undefined || passes(resource)))
    nearest.add(resource)
}
