import {
  CursorInvalid,
  type EntityPage,
  type EntityPageOptions,
  type IdKind,
  idPrefixes,
} from '@bailiwick/core'
import { type Window, windowOf } from '../lists/window.js'
import type { StorePage } from '../store/range.js'

/** Says whether a text can be the id of what a list holds. */
export type IsPlace = (id: string) => boolean

/** Ids of a kind, whether there is such an entity or not. */
export function idsOf(kind: IdKind): IsPlace {
  const start = `${idPrefixes[kind]}_`
  return (id) => id.startsWith(start) && rest.test(id.slice(start.length))
}

const rest = /^[A-Za-z0-9_-]{1,64}$/

/**
 * Read which part of a list of entities is wanted.
 *
 * @throws {InputInvalid} for a limit that is not 1 to 100, an order that is none, or both places at once;
 *   {CursorInvalid} for a place that is no id of what is listed.
 */
export function readEntityPage(page: EntityPageOptions | undefined, isPlace: IsPlace): Window {
  return windowOf(page ?? {}, (id) => {
    if (typeof id !== 'string' || !isPlace(id)) throw new CursorInvalid()
    return { id }
  })
}

/** The page of a store that holds what a window shows, and one more where there are more. */
export function storePageOf({
  limit,
  from,
  direction,
  order,
}: Window): StorePage & { readonly limit: number } {
  const place = from && { [leadsOn({ direction, order }) ? 'after' : 'before']: from.id }
  return { limit: limit + 1, order, ...place }
}

/**
 * The page of what was found.
 *
 * @param found - In the order of the list: what the window shows, and one more where there are more, on the side to
 *   which it leads.
 */
export function entityPageOf<Found, Item>(
  window: Window,
  found: readonly Found[],
  idOf: (found: Found) => string,
  itemOf: (found: Found) => Item,
): EntityPage<Item> {
  const { limit, from } = window
  const goesOn = found.length > limit
  const onwards = leadsOn(window)
  const shown = onwards ? found.slice(0, limit) : found.slice(-limit)
  const ends =
    shown.length === 0 ? undefined : { first: idOf(shown[0] as Found), last: idOf(shown.at(-1) as Found) }
  // The way one came stays open: something was there, and whether it still is would be a search of its own.
  return {
    items: shown.map(itemOf),
    before: ends !== undefined && (onwards ? from !== undefined : goesOn) ? ends.first : null,
    after: ends !== undefined && (onwards ? goesOn : true) ? ends.last : null,
  }
}

/** What was found nearest to a place first, in the order of the list. */
export function inListOrder<Found>(window: Window, nearest: readonly Found[]): readonly Found[] {
  const found = nearest.slice(0, window.limit + 1)
  return leadsOn(window) ? found : found.reverse()
}

/** Whether a window leads on through its list, rather than back. */
function leadsOn({ direction, order }: Pick<Window, 'direction' | 'order'>): boolean {
  return (direction === 'forward') === (order === 'asc')
}

/** A page of what is all there, sorted by id. */
export function pageOfSorted<Item extends { readonly id: string }>(
  window: Window,
  sorted: readonly Item[],
): EntityPage<Item> {
  const { from, direction, limit } = window
  const isPast = ({ id }: Item) =>
    from === undefined || (direction === 'forward' ? id > from.id : id < from.id)
  const past = sorted.filter(isPast)
  const nearest = direction === 'forward' ? past.slice(0, limit + 1) : past.slice(-limit - 1).reverse()
  return entityPageOf(
    window,
    inListOrder(window, nearest),
    ({ id }) => id,
    (item) => item,
  )
}
