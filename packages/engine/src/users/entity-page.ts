import { type EntityPage, type EntityPageOptions, InputInvalid, limits } from '@bailiwick/core'
import type { StorePage } from '../store/range.js'

const defaultLimit = 10

/**
 * A page of a list that is ordered by id, with the places before and after it where there is more.
 *
 * @param read - One page of the list; it is asked for one item more, to know whether there is.
 * @throws {InputInvalid} for a limit beyond 1 to 100, or two places at once.
 */
export async function entityPage<Item>(
  options: EntityPageOptions,
  idOf: (item: Item) => string,
  read: (page: StorePage) => Promise<readonly Item[]>,
): Promise<EntityPage<Item>> {
  const page = parsePage(options)
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

function parsePage({ limit = defaultLimit, after, before, order = 'asc' }: EntityPageOptions): StorePage {
  if (!Number.isInteger(limit) || limit < 1 || limit > limits.pageSize)
    throw new InputInvalid('limit', `must be a whole number from 1 to ${limits.pageSize}`, limit)
  if (after !== undefined && before !== undefined)
    throw new InputInvalid('before', 'cannot be given together with `after`', before)
  return { limit, order, ...(after !== undefined && { after }), ...(before !== undefined && { before }) }
}

function withoutPlaces({ order = 'asc', limit }: StorePage): StorePage {
  return { order, limit }
}
