import {
  InputInvalid,
  type Page,
  type PageOptions,
  type ResourceAddress,
  type ResourcesQuestion,
  rootType,
} from '@bailiwick/core'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import { findNearest, type Gather } from './find-nearest.js'
import { gatherBelow, gatherChildren, type Met } from './gather-below.js'
import { locateAll } from './locate.js'
import { Nearest } from './nearest.js'
import { resourcesKey } from './question-key.js'
import { type Region, regionOf } from './region.js'
import { Sweep } from './sweep.js'
import { pageOf, readWindow, type Window } from './window.js'

/**
 * A page of the resources of one type on which a check would allow, ordered by id.
 *
 * Who or what is unknown has nothing: an empty page.
 *
 * @throws {PermissionUnknown}, {ResourceTypeUnknown}, {InputInvalid} or {CursorInvalid} for a question that makes no
 *   sense, whoever asks it.
 */
export function listResources(
  graph: OrganizationGraph,
  question: ResourcesQuestion,
  page?: PageOptions,
): Page<ResourceAddress> {
  const key = () => resourcesKey(question)
  const permission = graph.environment.permissionIndex(question.permission)
  const type = graph.environment.typeIndex(graph.environment.model.type(question.type).slug)
  const depth = readDepth(question.depth)
  const window = readWindow(key, page)
  const found = find(graph, question, permission, type, depth, window)
  return pageOf(key, window, found, (entry) => graph.resources.address(entry))
}

type Depth = 'subtree' | 'children'

function readDepth(depth: unknown = 'subtree'): Depth {
  if (depth === 'subtree' || depth === 'children') return depth
  throw new InputInvalid('depth', 'must be `subtree` or `children`', depth)
}

function find(
  graph: OrganizationGraph,
  question: ResourcesQuestion,
  permission: number,
  type: number,
  depth: Depth,
  window: Window,
): readonly number[] {
  const { resources } = graph
  const holders = locateAll(graph, question)
  if (holders === undefined) return []
  const under = question.under === undefined ? none : graph.findResource(question.under)
  if (under === none && question.under !== undefined) return []
  const all = resources.ofType(type)
  const most = Math.max(8_192, Math.ceil(4 * Math.sqrt(window.limit * all.length)))
  // Direct children without a parent named are those of the organization itself.
  const parent = under === none && depth === 'children' ? resources.root : under
  const region = regionOf(graph, holders, permission, parent, most)
  if (region.tops.length === 0) return []
  if (question.type === rootType) return findRoot(graph, region, parent, window)

  const fits = placeTest(graph, parent, depth)
  const passes = (entry: number) => fits(entry) && region.has(entry)
  const sweep = new Sweep(all, resources.ids, window, passes)
  return findNearest(
    resources.ids,
    window,
    [sweep],
    gatherer(graph, region, type, parent, depth, window, passes),
  )
}

/** The organization itself is the only resource of its type, and below nothing. */
function findRoot(
  { resources }: OrganizationGraph,
  region: Region,
  parent: number,
  window: Window,
): readonly number[] {
  const isListed = parent === none && region.has(resources.root)
  return isListed && new Nearest(resources.ids, window).wants(resources.root) ? [resources.root] : []
}

/** Whether a resource lies where the question looks, given that its region does. */
function placeTest(
  { resources }: OrganizationGraph,
  parent: number,
  depth: Depth,
): (resource: number) => boolean {
  if (parent === none) return () => true
  return depth === 'children'
    ? (resource) => resources.parent(resource) === parent
    : (resource) => resource !== parent
}

/** How to collect the list from the region's tops; there is no point in it where the region is everything. */
function gatherer(
  graph: OrganizationGraph,
  region: Region,
  type: number,
  parent: number,
  depth: Depth,
  window: Window,
  passes: (resource: number) => boolean,
): Gather | undefined {
  const { resources } = graph
  const { tops } = region
  if (depth === 'subtree' && tops[0] === resources.root) return undefined
  return (nearest, steps, mayOrder) => {
    const met: Met = {
      one: (resource) => {
        if (nearest.wants(resource) && passes(resource)) nearest.add(resource)
      },
      many: (ordered, left) => {
        const sweep = new Sweep(ordered, resources.ids, window, passes)
        const rest = sweep.run(left)
        for (const resource of sweep.found) if (nearest.wants(resource)) nearest.add(resource)
        return rest
      },
    }
    if (depth === 'children' && tops[0] === parent)
      return gatherChildren(graph, parent, type, met, steps, mayOrder) >= 0
    // Below the parent nothing but its own children is wanted, so the tops themselves are all there is.
    if (depth === 'children') {
      for (const top of tops) if (resources.type(top) === type) met.one(top)
      return true
    }
    return gatherBelow(graph, tops, type, met, steps, mayOrder)
  }
}
