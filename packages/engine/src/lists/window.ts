import {
  type Cursor,
  CursorInvalid,
  InputInvalid,
  limits,
  type Page,
  type PageOptions,
} from '@bailiwick/core'
import { type Place, readCursor, writeCursor } from './cursor.js'
import type { QuestionKey } from './question-key.js'

/** Which part of a list is wanted: so many from a place on, in the order of the ids or against it. */
export interface Window {
  readonly limit: number
  /** Towards higher ids, or towards lower ones. */
  readonly direction: 'forward' | 'backward'
  /** `undefined` for the end from which the direction leads away. */
  readonly from: Place | undefined
  /** The order of the list. */
  readonly order: 'asc' | 'desc'
}

const defaultLimit = 10

/**
 * Read which part of a list is wanted.
 *
 * @param ids - How what is listed is ordered: an id of that kind is a place as well.
 * @throws {InputInvalid} for a limit that is not 1 to 100, an order that is none, or both places at once;
 *   {CursorInvalid} for a cursor that this list did not give, and for an id of another kind.
 */
export function readWindow(key: QuestionKey, page: PageOptions = {}, ids: IdOrder): Window {
  return windowOf(page, (place) =>
    typeof place !== 'string' || ids.against(place) === undefined ? readCursor(key, place) : { id: place },
  )
}

/** What a list is asked for, whatever its places are. */
interface Asked {
  readonly limit?: number
  readonly after?: string
  readonly before?: string
  readonly order?: 'asc' | 'desc'
}

/** @param placeOf - Reads a place: between two ids, or an id itself, which is passed in the direction of the window. */
export function windowOf(page: Asked, placeOf: (place: string) => Place | { readonly id: string }): Window {
  const { limit = defaultLimit, after, before, order = 'asc' } = page
  if (!Number.isInteger(limit) || limit < 1 || limit > limits.pageSize)
    throw new InputInvalid('limit', `must be a whole number from 1 to ${limits.pageSize}`, limit)
  if (order !== 'asc' && order !== 'desc') throw new InputInvalid('order', 'must be `asc` or `desc`', order)
  if (after !== undefined && before !== undefined)
    throw new InputInvalid('before', 'must not be given together with `after`', before)
  const direction = (before === undefined) === (order === 'asc') ? 'forward' : 'backward'
  const given = after === undefined ? before : after
  if (given === undefined) return { limit, direction, from: undefined, order }
  const place = placeOf(given)
  const side = 'side' in place ? place.side : direction === 'forward' ? 'past' : 'before'
  return { limit, direction, from: { id: place.id, side }, order }
}

/**
 * The page of what was found.
 *
 * @param nearest - In the direction of the window, nearest to its place first: up to `limit`, and at least one
 *   more where there are more.
 */
export function pageOf<Item extends { readonly id: string }>(
  key: QuestionKey,
  window: Window,
  nearest: readonly number[],
  itemsOf: (entries: readonly number[]) => Item[],
): Page<Item> {
  const { limit, direction, from, order } = window
  const goesDown = order === 'desc'
  const items = itemsOf(nearest.length > limit ? nearest.slice(0, limit) : nearest)
  const onwards = (direction === 'backward') === goesDown
  if (!onwards) items.reverse()
  const [first] = items
  const last = items.at(-1)
  const start: Place | undefined =
    first === undefined ? from : { id: first.id, side: goesDown ? 'past' : 'before' }
  const end: Place | undefined =
    last === undefined ? from : { id: last.id, side: goesDown ? 'before' : 'past' }
  const goesOn = nearest.length > limit
  // The way one came stays open: something was there, and whether it still is would be a search of its own.
  return onwards
    ? {
        items,
        after: goesOn ? cursor(key, end) : null,
        before: from === undefined ? null : cursor(key, start),
      }
    : { items, after: cursor(key, end), before: goesOn ? cursor(key, start) : null }
}

function cursor(key: QuestionKey, place: Place | undefined): Cursor | null {
  return place === undefined ? null : writeCursor(key, place)
}

/** How a kind of entry is ordered: by its id. */
export interface IdOrder {
  compare(one: number, other: number): number
  /** Where entries stand to an id, which need not be there; `undefined` for what is no id of this kind. */
  against(id: string): ((entry: number) => number) | undefined
}

/** Where entries stand to a place: below 0 before it, above 0 past it, and never 0. */
export function sideOf(order: IdOrder, place: Place): (entry: number) => number {
  const against = order.against(place.id)
  if (against === undefined) throw new CursorInvalid()
  const itself = place.side === 'past' ? -1 : 1
  return (entry) => against(entry) || itself
}
