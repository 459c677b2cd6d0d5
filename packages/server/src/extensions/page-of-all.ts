import { CursorInvalid, type EntityPage, type EntityPageOptions } from '@bailiwick/core'

/**
 * A page of a list that is held whole, by id.
 *
 * @throws {CursorInvalid} for both places at once.
 */
export function pageOfAll<Item extends { readonly id: string }>(
  items: readonly Item[],
  { limit = 10, after, before, order = 'asc' }: EntityPageOptions,
): EntityPage<Item> {
  if (after !== undefined && before !== undefined) throw new CursorInvalid()
  const sorted = items.toSorted((one, other) => compare(one.id, other.id))
  if (order === 'desc') sorted.reverse()
  const follows = (item: Item, place: string) =>
    order === 'asc' ? compare(item.id, place) > 0 : compare(item.id, place) < 0
  const atLeast = (item: Item, place: string) => item.id === place || follows(item, place)
  const end = before === undefined ? sorted.length : indexWhere(sorted, (item) => atLeast(item, before))
  const start =
    before !== undefined
      ? Math.max(0, end - limit)
      : after === undefined
        ? 0
        : indexWhere(sorted, (item) => follows(item, after))
  const page = sorted.slice(start, before === undefined ? start + limit : end)
  return {
    items: page,
    before: start > 0 ? (page[0]?.id ?? null) : null,
    after: start + page.length < sorted.length ? (page.at(-1)?.id ?? null) : null,
  }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function indexWhere<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  const index = items.findIndex(holds)
  return index === -1 ? items.length : index
}
