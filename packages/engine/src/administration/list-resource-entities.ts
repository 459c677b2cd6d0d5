import {
  type EntityPage,
  type EntityPageOptions,
  InputInvalid,
  type OrganizationId,
  type Resource,
  type ResourceRef,
  rootType,
} from '@bailiwick/core'
import { requireResource } from '../commands/find.js'
import type { Environment } from '../environment/environment.js'
import type { OrderedEntries } from '../graph/ordered-ids.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import { placesOf } from './entity-page.js'
import { type Near, nearAmong, nearInOrder } from './near.js'
import { pageOfRows, type Reading, rowsNear } from './reading.js'
import { filtered, type ReadRows, rowsOf } from './rows.js'

/** Which resources to list; all that is given must hold. */
export interface ResourcesFilter {
  readonly organizationId?: OrganizationId
  readonly type?: string
  readonly externalId?: string
  readonly parent?: ResourceRef
  readonly search?: string
}

/**
 * Resources of an organization, or of a type in all organizations. In one organization what is wanted is found in
 * memory; names are only in the store, so a search looks through what the rest of the filter leaves.
 *
 * @throws {InputInvalid} without an organization or a type, or for a parent without an organization;
 *   {ResourceTypeUnknown}; {EntityNotFound} for an unknown parent.
 */
export async function listResourceEntities(
  reading: Reading,
  environment: Environment,
  filter: ResourcesFilter,
  page: EntityPageOptions | undefined,
): Promise<EntityPage<Resource>> {
  const { organizationId, type, parent, search } = filter
  if (organizationId === undefined && (type === undefined || parent !== undefined))
    throw new InputInvalid(
      'organizationId',
      parent ? 'must be given with a parent' : 'must be given, or a type',
      undefined,
    )
  if (type !== undefined) environment.model.type(type)
  const read =
    organizationId === undefined
      ? everywhere(reading, filter)
      : ofOrganization(reading, await reading.graph(organizationId), organizationId, filter)
  const wanted = search?.toLowerCase()
  const searched =
    wanted === undefined ? read : filtered(read, ({ name }) => name.toLowerCase().includes(wanted))
  return pageOfRows(page, placesOf('resource'), searched, (resource) => resource)
}

function everywhere({ store }: Reading, { type, externalId }: ResourcesFilter): ReadRows<Resource> {
  return filtered(
    async (page) => rowsOf(await store.scan('resource', page)),
    (resource) => resource.type === type && (externalId === undefined || resource.externalId === externalId),
  )
}

function ofOrganization(
  reading: Reading,
  graph: OrganizationGraph,
  shard: OrganizationId,
  filter: ResourcesFilter,
): ReadRows<Resource> {
  const near = nearBy(graph, filter)
  if (near === undefined) {
    // All of them, as they lie together in the store.
    return async (page) => rowsOf(await reading.store.scan('resource', { ...page, shard }))
  }
  return rowsNear(reading, shard, 'resource', near, (entry) => graph.resources.id(entry))
}

function nearBy(graph: OrganizationGraph, { type, externalId, parent }: ResourcesFilter): Near | undefined {
  const { resources } = graph
  if (parent !== undefined) requireResource(graph, parent)
  if (externalId !== undefined) return nearAmong(() => named(graph, type, externalId, parent), resources.ids)
  if (parent !== undefined) return (page) => nearBelow(graph, graph.findResource(parent), type)(page)
  if (type === undefined) return undefined
  return type === rootType
    ? nearAmong(() => [resources.root].filter((root) => root !== none), resources.ids)
    : nearInOrder([resources.ofType(graph.environment.typeIndex(type))], resources.ids)
}

/** Those with an external id: one of each type at most. */
function named(
  graph: OrganizationGraph,
  type: string | undefined,
  externalId: string,
  parent: ResourceRef | undefined,
): readonly number[] {
  const types = type === undefined ? [...graph.environment.model.types.keys()] : [type]
  const above = parent && graph.findResource(parent)
  return types
    .map((each) => graph.findResource({ type: each, externalId }))
    .filter((entry) => entry !== none && (above === undefined || graph.resources.parent(entry) === above))
}

/** Past so many children, they are put in order once rather than looked through for every page. */
const crowd = 512

function nearBelow(graph: OrganizationGraph, parent: number, type: string | undefined): Near {
  const { resources, environment } = graph
  const wanted = type === undefined ? undefined : environment.typeIndex(type)
  const children: number[] = []
  const first = parent === none ? none : resources.firstChild(parent)
  for (let child = first; child !== none; child = resources.nextSibling(child)) {
    children.push(child)
    if (children.length > crowd) return nearInOrder(orderedBelow(graph, parent, wanted), resources.ids)
  }
  const fits = (child: number) => wanted === undefined || resources.type(child) === wanted
  return nearAmong(() => children.filter(fits), resources.ids)
}

function orderedBelow(
  { resources, environment }: OrganizationGraph,
  parent: number,
  type: number | undefined,
): readonly OrderedEntries[] {
  const { children } = environment.model.type(environment.typeSlug(resources.type(parent)))
  const types = type === undefined ? children.map((slug) => environment.typeIndex(slug)) : [type]
  return types.map(
    (each) =>
      resources.below.find(parent, each, 'children') ?? resources.below.make(parent, each, 'children'),
  )
}
