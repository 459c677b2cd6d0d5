import { allows } from '../decide/decide.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import type { Holder } from '../graph/row-table.js'
import { Marks } from './marks.js'
import { type Reach, reachOf } from './reach.js'

/** The part of an organization that several subjects reach together. */
export interface Region {
  /** With all below them they hold every resource of the region. Some may be repeated, or lie below others. */
  readonly tops: readonly number[]
  /** Where somebody is denied: there and below is no part of it. In no order, and perhaps repeated. */
  readonly denied: readonly number[]
  /** Subjects with too many assignments to collect. They narrow the region down and have to be asked one by one. */
  readonly uncollected: readonly Holder[]
  /** Whether everything below the tops is in it. */
  readonly isGapless: boolean
  /** Whether a resource is in it. Good until the next region is made. */
  has(resource: number): boolean
}

/** One for all: a list never waits. */
const marks = new Marks()

// A bit for each subject (at most eleven) and for the resource below which the list is wanted, and two more.
const reachedBit = 1
const deniedBit = 1 << 14
const commonBit = 1 << 15

/**
 * Find the region that every one of the holders reaches. In a tree two subtrees are either one in the other or have
 * nothing in common, so the meeting of unions of subtrees is again a union of subtrees, and exact.
 *
 * @param under - Only what lies below this resource; itself, too, for the caller to leave out. Or `none`.
 * @param most - How many assignments to look at for one subject before it has to be asked one by one.
 */
export function regionOf(
  graph: OrganizationGraph,
  holders: readonly Holder[],
  permission: number,
  under: number,
  most: number,
): Region {
  const { resources } = graph
  const uncollected: Holder[] = []
  const reaches: Reach[] = under === none ? [] : [{ tops: [under], denied: [] }]
  for (const holder of holders) {
    const reach = reachOf(graph, holder, permission, most)
    if (reach === undefined) uncollected.push(holder)
    else reaches.push(reach)
  }
  if (reaches.length === 0) reaches.push({ tops: [resources.root], denied: [] })
  const [only] = reaches
  if (only !== undefined && reaches.length === 1 && uncollected.length === 0 && only.denied.length === 0)
    return regionBelow(graph, only.tops)

  marks.begin()
  const denied: number[] = []
  for (let index = 0; index < reaches.length; index++) {
    const reach = reaches[index] as Reach
    for (const top of reach.tops) marks.add(top, 1 << index)
    for (const resource of reach.denied) {
      marks.add(resource, deniedBit)
      denied.push(resource)
    }
  }
  const everybody = 2 ** reaches.length - 1
  const wayUp = everybody | deniedBit
  return {
    tops: commonTops(graph, reaches, everybody, wayUp),
    denied,
    uncollected,
    isGapless: denied.length === 0 && uncollected.length === 0,
    has: (resource) =>
      (bitsUp(graph, resource) & wayUp) === everybody &&
      (uncollected.length === 0 ||
        uncollected.every((holder) => allows(graph, holder, permission, resource))),
  }
}

/** The common case, one subject that is denied nothing: everything below some resources. */
function regionBelow(graph: OrganizationGraph, tops: readonly number[]): Region {
  const isEverything = tops[0] === graph.resources.root
  let isMarked = false
  const has = (resource: number) => {
    if (isEverything) return true
    // Most lists are found below the tops and never ask.
    if (!isMarked) markAll(tops)
    isMarked = true
    return bitsUp(graph, resource) !== 0
  }
  return { tops, denied: [], uncollected: [], isGapless: true, has }
}

function markAll(tops: readonly number[]): void {
  marks.begin()
  for (const top of tops) marks.add(top, reachedBit)
}

/** Of some resources those that lie below no other one, each once. */
export function highestOf(graph: OrganizationGraph, tops: readonly number[]): readonly number[] {
  markAll(tops)
  return [...new Set(tops)].filter((top) => bitsUp(graph, graph.resources.parent(top)) === 0)
}

/** The tops below which everybody reaches, the highest of them only, each once. */
function commonTops(
  graph: OrganizationGraph,
  reaches: readonly Reach[],
  everybody: number,
  wayUp: number,
): readonly number[] {
  const common: number[] = []
  for (const { tops } of reaches) {
    for (const top of tops) {
      if ((marks.of(top) & commonBit) !== 0 || (bitsUp(graph, top) & wayUp) !== everybody) continue
      marks.add(top, commonBit)
      common.push(top)
    }
  }
  return common.filter((top) => (bitsUp(graph, graph.resources.parent(top)) & commonBit) === 0)
}

/** All marks on the way from a resource to the root. */
function bitsUp({ resources }: OrganizationGraph, resource: number): number {
  let bits = 0
  for (let entry = resource; entry !== none; entry = resources.parent(entry)) bits |= marks.of(entry)
  return bits
}
