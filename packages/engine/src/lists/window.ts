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
  readonly direction: 'forward' | 'backward'
  /** `undefined` for the beginning. */
  readonly from: Place | undefined
}

const defaultLimit = 10

/**
 * Read which part of a list is wanted.
 *
 * @throws {InputInvalid} for a limit that is not 1 to 100, or both cursors at once; {CursorInvalid} for a cursor that
 *   this list did not give.
 */
export function readWindow(key: QuestionKey, page: PageOptions = {}): Window {
  const { limit = defaultLimit, after, before } = page
  if (!Number.isInteger(limit) || limit < 1 || limit > limits.pageSize)
    throw new InputInvalid('limit', `must be a whole number from 1 to ${limits.pageSize}`, limit)
  if (after !== undefined && before !== undefined)
    throw new InputInvalid('before', 'must not be given together with `after`', before)
  if (before !== undefined) return { limit, direction: 'backward', from: readCursor(key, before) }
  return { limit, direction: 'forward', from: after === undefined ? undefined : readCursor(key, after) }
}

/**
 * The page of what was found.
 *
 * @param nearest - In the direction of the window, nearest to its place first: up to `limit`, and at least one
 *   more where there are more.
 */
export function pageOf<Item extends { readonly id: string }>(
  key: QuestionKey,
  { limit, direction, from }: Window,
  nearest: readonly number[],
  itemOf: (entry: number) => Item,
): Page<Item> {
  const items = nearest.slice(0, limit).map(itemOf)
  if (direction === 'backward') items.reverse()
  const [first] = items
  const last = items.at(-1)
  const start: Place | undefined = first === undefined ? from : { id: first.id, side: 'before' }
  const end: Place | undefined = last === undefined ? from : { id: last.id, side: 'past' }
  const goesOn = nearest.length > limit
  // The way one came stays open: something was there, and whether it still is would be a search of its own.
  return direction === 'forward'
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
