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

/** Where to go on below children of other types; `undefined` to stay with the children. */
interface Deeper {
  leads(type: number): boolean
  visit(child: number): void
}

/**
 * Meet every resource of a type that is one of the tops or lies below one, in any order, each once.
 *
 * @param tops - None of them below another.
 * @param crowd - Past so many children, one parent's are put in order rather than looked through.
 * @returns whether that took no more than `steps`.
 */
export function gatherBelow(
  graph: OrganizationGraph,
  tops: readonly number[],
  type: number,
  met: Met,
  steps: number,
  crowd: number,
): boolean {
  const { resources, environment } = graph
  const leading = leadingTypes(environment, type)
  const parents: number[] = []
  const deeper: Deeper = {
    leads: (other) => leading[other] === true,
    visit: (child) => parents.push(child),
  }
  for (const top of tops) {
    if (resources.type(top) === type) met.one(top)
    else if (deeper.leads(resources.type(top))) parents.push(top)
  }
  let left = steps - tops.length
  for (let parent = parents.pop(); parent !== undefined && left >= 0; parent = parents.pop())
    left = gatherChildren(graph, parent, type, met, left, crowd, deeper)
  return left >= 0
}

/**
 * Meet the children of one resource that are of a type.
 *
 * @returns how many of the steps are left, and less than 0 when they were too few.
 */
export function gatherChildren(
  graph: OrganizationGraph,
  parent: number,
  type: number,
  met: Met,
  steps: number,
  crowd: number,
  deeper?: Deeper,
): number {
  const { resources } = graph
  if (resources.orderedChildren(parent, type) !== undefined)
    return gatherOrdered(graph, parent, type, met, steps, deeper)
  const wanted: number[] = []
  const others: number[] = []
  let left = steps
  for (let child = resources.firstChild(parent); child !== none; child = resources.nextSibling(child)) {
    if (--left < 0) return left
    if (wanted.length + others.length === crowd) return gatherOrdered(graph, parent, type, met, steps, deeper)
    if (resources.type(child) === type) wanted.push(child)
    else others.push(child)
  }
  for (const child of wanted) met.one(child)
  for (const child of deeper === undefined ? [] : others)
    if (deeper?.leads(resources.type(child))) deeper.visit(child)
  return left
}

/** The same by lists in order, one for each type that a child can have, made where they are missing. */
function gatherOrdered(
  graph: OrganizationGraph,
  parent: number,
  type: number,
  met: Met,
  steps: number,
  deeper: Deeper | undefined,
): number {
  const { resources, environment } = graph
  let left = steps
  for (const slug of environment.model.type(environment.typeSlug(resources.type(parent))).children) {
    const each = environment.typeIndex(slug)
    if (each !== type && !deeper?.leads(each)) continue
    const children = resources.orderedChildren(parent, each) ?? resources.orderChildren(parent, each)
    if (each === type) left = met.many(children, left)
    else {
      left -= children.length
      for (let position = 0; left >= 0 && position < children.length; position++)
        deeper?.visit(children.at(position))
    }
    if (left < 0) return left
  }
  return left
}
