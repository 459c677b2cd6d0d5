import {
  CursorInvalid,
  type EntityPage,
  type EntityPageOptions,
  type IdKind,
  InputInvalid,
  idPrefixes,
  limits,
} from '@bailiwick/core'
import type { StorePage } from '../store/range.js'

const defaultLimit = 10

/** Whether a text can be a place in a list: the id of something of the kind that is listed. */
export type IsPlace = (id: string) => boolean

/**
 * A page of a list that is ordered by id: what lies beyond either end is looked for, so that a place is given exactly
 * where there is more.
 *
 * @param read - Reads a part of the list; a page without places is its beginning.
 * @throws {InputInvalid} for a limit that is not 1 to 100, an order that is none, or two places; {CursorInvalid} for
 *   what is no place of this list.
 */
export async function entityPage<Item>(
  options: EntityPageOptions,
  isPlace: IsPlace,
  idOf: (item: Item) => string,
  read: (page: StorePage) => Promise<readonly Item[]>,
): Promise<EntityPage<Item>> {
  const page = parsePage(options, isPlace)
  const backwards = page.before !== undefined
  const found = await read({ ...page, limit: page.limit + 1 })
  const more = found.length > page.limit
  const items = !more ? found : backwards ? found.slice(1) : found.slice(0, -1)
  const [first, last] = [items[0], items.at(-1)]
  const isThere = async (place: Pick<StorePage, 'after' | 'before'>) =>
    (await read({ ...withoutPlaces(page), ...place, limit: 1 })).length > 0
  const isPreceded =
    first !== undefined &&
    (backwards ? more : page.after !== undefined && (await isThere({ before: idOf(first) })))
  const isFollowed = last !== undefined && (backwards ? await isThere({ after: idOf(last) }) : more)
  return {
    items,
    before: isPreceded && first !== undefined ? idOf(first) : null,
    after: isFollowed && last !== undefined ? idOf(last) : null,
  }
}

/** Ids of a kind, whether there is such an entity or not. */
export function placesOf(kind: IdKind): IsPlace {
  const start = `${idPrefixes[kind]}_`
  return (id) => id.startsWith(start) && rest.test(id.slice(start.length))
}

const rest = /^[A-Za-z0-9_-]{1,64}$/

/** Ids that others have given, and may read as they like. */
export function anyId(id: string): boolean {
  return id.length > 0 && id.length <= limits.userIdLength
}

function parsePage(options: EntityPageOptions, isPlace: IsPlace): StorePage {
  const { limit = defaultLimit, after, before, order = 'asc' } = options
  if (!Number.isInteger(limit) || limit < 1 || limit > limits.pageSize)
    throw new InputInvalid('limit', `must be a whole number from 1 to ${limits.pageSize}`, limit)
  if (order !== 'asc' && order !== 'desc') throw new InputInvalid('order', 'must be `asc` or `desc`', order)
  if (after !== undefined && before !== undefined)
    throw new InputInvalid('before', 'must not be given together with `after`', before)
  for (const place of [after, before])
    if (place !== undefined && (typeof place !== 'string' || !isPlace(place))) throw new CursorInvalid()
  return { limit, order, ...(after !== undefined && { after }), ...(before !== undefined && { before }) }
}

function withoutPlaces({ order = 'asc', limit }: StorePage): StorePage {
  return { order, limit }
}
