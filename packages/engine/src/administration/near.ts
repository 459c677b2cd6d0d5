import type { OrderedEntries } from '../graph/ordered-ids.js'
import { Nearest } from '../lists/nearest.js'
import { Sweep } from '../lists/sweep.js'
import type { IdOrder, Window } from '../lists/window.js'
import type { StorePage } from '../store/range.js'

/** Finds a part of a list of entries that is ordered by id. */
export type Near = (page: StorePage) => readonly number[]

/** A part of entries that are in order, as far as they pass. */
export function nearInOrder(
  lists: readonly OrderedEntries[],
  order: IdOrder,
  passes: (entry: number) => boolean = () => true,
): Near {
  return (page) => {
    const window = windowOn(page)
    const sweeps = lists.map((entries) => new Sweep(entries, order, window, passes))
    for (const sweep of sweeps) sweep.run(Number.POSITIVE_INFINITY)
    const [only] = sweeps
    if (only !== undefined && sweeps.length === 1) return inListOrder(page, only.found)
    return nearest(
      order,
      page,
      sweeps.flatMap(({ found }) => found),
    )
  }
}

/** A part of entries that come in any order, each once. */
export function nearAmong(each: () => Iterable<number>, order: IdOrder): Near {
  return (page) => nearest(order, page, each())
}

function nearest(order: IdOrder, page: StorePage, entries: Iterable<number>): readonly number[] {
  const found = new Nearest(order, windowOn(page))
  for (const entry of entries) if (found.wants(entry)) found.add(entry)
  return inListOrder(page, found.sorted())
}

function windowOn(page: StorePage): Window {
  const { limit, order = 'asc' } = page
  const direction = goesOn(page) === (order === 'asc') ? 'forward' : 'backward'
  const id = goesOn(page) ? page.after : page.before
  const from =
    id === undefined ? undefined : ({ id, side: direction === 'forward' ? 'past' : 'before' } as const)
  return { limit, order, direction, from }
}

/** From nearest to a place first to the order of the list. */
function inListOrder(page: StorePage, found: readonly number[]): readonly number[] {
  const shown = found.slice(0, page.limit)
  return goesOn(page) ? shown : shown.reverse()
}

function goesOn({ after, before }: StorePage): boolean {
  return after !== undefined || before === undefined
}
