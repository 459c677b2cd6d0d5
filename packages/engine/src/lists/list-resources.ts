import {
  InputInvalid,
  type Page,
  type PageOptions,
  type ResourceAddress,
  type ResourcesQuestion,
  rootType,
} from '@bailiwick/core'
import type { Depth } from '../graph/descendant-lists.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import { Continuation, resourcesList } from './continuation.js'
import { type Effort, usualEffort } from './effort.js'
import { findNearest, type Gather } from './find-nearest.js'
import { type Below, gatherBelow } from './gather-below.js'
import { locateAll } from './locate.js'
import { Nearest } from './nearest.js'
import { resourcesKey } from './question-key.js'
import { type Region, regionOf } from './region.js'
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
  effort: Effort = usualEffort,
): Page<ResourceAddress> {
  const { environment } = graph
  const key = resourcesKey(question)
  const permission = environment.permissionIndex(question.permission)
  const type =
    environment.findType(question.type) ?? environment.typeIndex(environment.model.type(question.type).slug)
  const depth = readDepth(question.depth)
  const window = readWindow(key, page, graph.resources.ids)
  const found = find(graph, question, { permission, type, depth, window, effort })
  return pageOf(key, window, found, (entries) => graph.resources.addresses(entries, question.type))
}

function readDepth(depth: unknown = 'subtree'): Depth {
  if (depth === 'subtree' || depth === 'children') return depth
  throw new InputInvalid('depth', 'must be `subtree` or `children`', depth)
}

/** The resource below which the list is wanted, `none` for all of the organization, `undefined` for an unknown one. */
function parentOf(graph: OrganizationGraph, { under, depth }: ResourcesQuestion): number | undefined {
  // Direct children without a parent named are those of the organization itself.
  if (under === undefined) return depth === 'children' ? graph.resources.root : none
  const parent = graph.findResource(under)
  return parent === none ? undefined : parent
}

interface Wanted {
  readonly permission: number
  readonly type: number
  readonly depth: Depth
  readonly window: Window
  readonly effort: Effort
}

function find(graph: OrganizationGraph, question: ResourcesQuestion, wanted: Wanted): readonly number[] {
  const { resources, environment } = graph
  const { permission, type, depth, window, effort } = wanted
  const holders = locateAll(graph, question)
  const parent = parentOf(graph, question)
  if (holders === undefined || parent === undefined) return []
  const about = () => [resourcesList, permission, type, depth === 'children' ? 1 : 0, parent, ...holders]
  const continuation = new Continuation(graph.records, about, resources.ids)
  const next = continuation.find(window)
  if (next !== undefined) return next
  const region = regionOf(graph, holders, permission, parent, effort.assignments)
  if (region.tops.length === 0) return []
  const search = { permission, type, depth, window, effort, region, parent }
  if (environment.typeSlug(type) === rootType) return findRoot(graph, search)
  const isPlaced = (resource: number) =>
    parent === none || (depth === 'children' ? resources.parent(resource) === parent : resource !== parent)
  const passes =
    parent === none ? region.has : (resource: number) => isPlaced(resource) && region.has(resource)
  // What is found below the tops is in the region, unless it has gaps.
  const stillPasses = region.isGapless ? (parent === none ? undefined : isPlaced) : passes
  const candidates = { all: [resources.ofType(type)], bound: graph.records.bound('resources'), passes }
  return findNearest(
    resources.ids,
    window,
    candidates,
    gatherOf(graph, search, stillPasses),
    effort,
    continuation,
  )
}

/** What is wanted, located. */
interface Search extends Wanted {
  readonly region: Region
  readonly parent: number
}

/** The organization itself is the only resource of its type, and below nothing. */
function findRoot({ resources }: OrganizationGraph, { region, parent, window }: Search): readonly number[] {
  const isListed = parent === none && region.has(resources.root)
  return isListed && new Nearest(resources.ids, window).wants(resources.root) ? [resources.root] : []
}

/** How to collect the list from the region's tops; there is no point in it where the region is everything. */
function gatherOf(
  graph: OrganizationGraph,
  { region: { tops }, type, parent, depth, effort }: Search,
  passes: Below['passes'],
): Gather | undefined {
  if (depth === 'subtree' && tops[0] === graph.resources.root) return undefined
  // Of direct children, those tops are meant that are children themselves, unless it is the parent who is the top.
  const from =
    depth === 'subtree' || tops[0] === parent
      ? tops
      : tops.filter((top) => graph.resources.type(top) === type)
  const below = { tops: from, type, depth, passes }
  return (nearest, steps, turn) => {
    const crowd = turn < effort.patience ? Number.POSITIVE_INFINITY : effort.crowd
    return gatherBelow(graph, below, nearest, steps, crowd)
  }
}
