import type { Depth } from '../graph/descendant-lists.js'
import { EntryBits } from '../graph/entry-bits.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none, type ResourceTable } from '../graph/resource-table.js'
import type { Nearest } from './nearest.js'
import { scanBelow, scanSteps } from './scan-below.js'
import { type WayDown, wayDown } from './way-down.js'

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
  const way = wayDown(environment, type)
  passed.clear(records.bound('resources'))
  let left = steps - tops.length
  const scan = depth === 'subtree' ? scanSteps(resources, way, type) : Number.POSITIVE_INFINITY
  let patience = scan <= left ? scan >>> sooner : Number.POSITIVE_INFINITY
  for (let n = 0; n < tops.length && left >= 0; n++) {
    const top = tops[n] as number
    const topType = resources.type(top)
    if (topType === type) offer(nearest, top, passes)
    if (way.leads[topType] !== true || passed.has(top)) continue
    let list = resources.below.find(top, type, depth)
    if (list === undefined) {
      const taken = lookBelow(graph, top, below, way.leads, nearest, Math.min(left, crowd, patience))
      if (taken > patience) {
        scanAll(resources, below, way, nearest)
        return true
      }
      if (taken <= left && taken <= crowd) {
        left -= taken
        patience -= taken
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

/** A scan begins when going down has taken one of 32 of its steps: together they take little longer than the quicker. */
const sooner = 5

/** Offer all at once what lies below the tops. */
function scanAll(
  resources: ResourceTable,
  { tops, type, passes }: Below,
  way: WayDown,
  nearest: Nearest,
): void {
  for (const top of tops) passed.add(top)
  scanBelow(resources, way, passed)
  if (passes === undefined) {
    nearest.keepBelow({ set: passed, tree: resources })
    return
  }
  const { entries, length } = resources.ofType(type)
  for (let n = 0; n < length; n++) {
    const entry = entries[n] as number
    if (passed.has(entry) || passed.has(resources.parent(entry))) offer(nearest, entry, passes)
  }
}

/** Below what one has looked already: tops lie below one another. One for all: a list never waits. */
const passed = new EntryBits(0)

/** Offer what lies below one top. Returns how many steps it took: more than `most` when it did not arrive. */
function lookBelow(
  { resources }: OrganizationGraph,
  top: number,
  { type, depth, passes }: Below,
  leads: readonly boolean[],
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
      else if (depth === 'subtree' && leads[childType] === true && !passed.has(child)) parents.push(child)
    }
  }
  return steps
}

function offer(nearest: Nearest, resource: number, passes: Below['passes']): void {
  if (!nearest.has(resource) && nearest.wants(resource) && (passes === undefined || passes(resource)))
    nearest.add(resource)
}
