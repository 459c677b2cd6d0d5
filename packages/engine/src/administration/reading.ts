import {
  type EntityByKind,
  type EntityKind,
  EntityNotFound,
  type EntityPage,
  type EntityPageOptions,
  type OrganizationId,
} from '@bailiwick/core'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import type { Store } from '../store/store.js'
import { entityPage, type IsPlace } from './entity-page.js'
import type { Near } from './near.js'
import type { ReadRows, Row } from './rows.js'

/** What lists of stored entities are read from. */
export interface Reading {
  readonly store: Store
  /** The organization in memory, as new as it can be. One that does not exist is empty. */
  graph(id: OrganizationId): Promise<OrganizationGraph>
}

/** The same of an organization that must be there. @throws {EntityNotFound} `organization_not_found`. */
export async function existing(reading: Reading, id: OrganizationId): Promise<OrganizationGraph> {
  const graph = await reading.graph(id)
  if (graph.organization === undefined) throw new EntityNotFound('organization', id)
  return graph
}

/** Entries of a graph as rows: what is near a place is found in memory, and then read whole. */
export function rowsNear<Kind extends EntityKind>(
  { store }: Reading,
  shard: OrganizationId,
  kind: Kind,
  near: Near,
  idOf: (entry: number) => string,
): ReadRows<EntityByKind[Kind]> {
  const rowOf = async (id: string): Promise<Row<EntityByKind[Kind]>> => {
    return { id, entity: await findIn(store, shard, kind, id) }
  }
  return (page) => Promise.all(near(page).map((entry) => rowOf(idOf(entry))))
}

/** An entity of an organization, unless it is gone: it may have been made again in another one meanwhile. */
export async function findIn<Kind extends EntityKind>(
  store: Store,
  shard: OrganizationId,
  kind: Kind,
  id: string,
): Promise<EntityByKind[Kind] | undefined> {
  const located = await store.find(kind, id)
  return located?.shard === shard ? located.entity : undefined
}

/** A page of rows, as callers see what is on it. */
export async function pageOfRows<Entity, Item>(
  options: EntityPageOptions | undefined,
  isPlace: IsPlace,
  read: ReadRows<Entity>,
  view: (entity: Entity) => Item | undefined | Promise<Item | undefined>,
): Promise<EntityPage<Item>> {
  const { items, before, after } = await entityPage(options ?? {}, isPlace, ({ id }) => id, read)
  const views = await Promise.all(items.map(({ entity }) => entity && view(entity)))
  return { items: views.filter((item) => item !== undefined), before, after }
}
