import { pageOf, type StorePage } from '../store/range.js'

/** An id in a list, with its entity, unless that was removed since the list was looked up. */
export interface Row<Entity> {
  readonly id: string
  readonly entity: Entity | undefined
}

/** Reads a part of a list that is ordered by id. A row stands for every id, so that the end of a list can be told. */
export type ReadRows<Entity> = (page: StorePage) => Promise<readonly Row<Entity>[]>

/** The rows of what a store has found. */
export function rowsOf<Entity extends { readonly id: string }>(
  located: readonly { readonly entity: Entity }[],
): readonly Row<Entity>[] {
  return located.map(({ entity }) => ({ id: entity.id, entity }))
}

/** A part of what is all in memory, sorted by id. */
export function fromSorted<Item extends { readonly id: string }>(
  sorted: readonly Item[],
  page: StorePage,
): readonly Item[] {
  return pageOf(page, ({ above, below, descending, limit }) => {
    const within = sorted.filter(
      ({ id }) => (above === undefined || id > above) && (below === undefined || id < below),
    )
    return (descending ? within.reverse() : within).slice(0, limit)
  })
}

const leastRead = 100

/** The rows that pass, of a list that has to be looked through for them. */
export function filtered<Entity>(
  read: ReadRows<Entity>,
  passes: (entity: Entity) => boolean,
): ReadRows<Entity> {
  return async (page) => {
    const { order = 'asc', limit } = page
    const backwards = page.before !== undefined && page.after === undefined
    const step = Math.max(limit, leastRead)
    let kept: readonly Row<Entity>[] = []
    for (let place: Pick<StorePage, 'after' | 'before'> = page; ; ) {
      const { after, before } = place
      const rows = await read({
        order,
        limit: step,
        ...(after !== undefined && { after }),
        ...(before !== undefined && { before }),
      })
      const passing = rows.filter(({ entity }) => entity !== undefined && passes(entity))
      kept = backwards ? [...passing, ...kept] : [...kept, ...passing]
      const last = backwards ? rows[0] : rows.at(-1)
      if (kept.length >= limit || rows.length < step || last === undefined)
        return backwards ? kept.slice(-limit) : kept.slice(0, limit)
      place = backwards ? { before: last.id } : { after: last.id }
    }
  }
}

/** Several lists as one. What stands in more than one, stands in it once. */
export function merged<Entity>(lists: readonly ReadRows<Entity>[]): ReadRows<Entity> {
  const [only] = lists
  if (only !== undefined && lists.length === 1) return only
  return async (page) => {
    const found = (await Promise.all(lists.map((read) => read(page)))).flat()
    const distinct = [...new Map(found.map((row) => [row.id, row])).values()]
    // The parts of all lists that are nearest to the place hold the nearest of all.
    return fromSorted(
      distinct.sort((one, other) => (one.id < other.id ? -1 : 1)),
      page,
    )
  }
}
