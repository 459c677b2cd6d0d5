import type { OrderedEntries } from '../graph/ordered-ids.js'
import type { Continuation } from './continuation.js'
import type { Effort } from './effort.js'
import { Nearest } from './nearest.js'
import { Sweep } from './sweep.js'
import type { IdOrder, Window } from './window.js'

/**
 * Collects the whole list from what grants it, and offers it in any order.
 *
 * @param turn - Counts from 0.
 * @returns whether that took no more than `steps`.
 */
export type Gather = (nearest: Nearest, steps: number, turn: number) => boolean

/** All that may be in a list, in order, and the test which of them is. */
export interface Candidates {
  readonly all: readonly OrderedEntries[]
  /** All entries are below it. */
  readonly bound: number
  readonly passes: (entry: number) => boolean
}

/**
 * Find what a window shows. There are two ways: sweep through all candidates in order, which is quick where most of
 * them pass, and gather everything that passes, which is quick where that is little. Nobody knows beforehand which
 * it is, so they take turns of growing length: together they take a few times what the quicker one takes alone.
 *
 * @param continuation - Told of a list that was found as a whole.
 * @returns entries, nearest to the window's place first: up to its limit, and at least one more where there are more.
 */
export function findNearest(
  order: IdOrder,
  window: Window,
  { all, bound, passes }: Candidates,
  gather: Gather | undefined,
  { firstTurn }: Effort,
  continuation: Continuation,
): readonly number[] {
  const nearest = new Nearest(order, window, { bound, ordered: all.length === 1 ? all[0] : undefined })
  let sweeps: readonly Sweep[] | undefined
  for (let turn = 0; ; turn++) {
    const steps = gather === undefined ? Number.POSITIVE_INFINITY : firstTurn * 2 ** turn
    if (gather?.(nearest, steps, turn)) {
      const found = nearest.sorted()
      if (nearest.isWhole && found.length > window.limit) continuation.keep(window, found)
      return found
    }
    // Most lists are gathered at once: what a sweep needs is made when one begins.
    sweeps ??= all.map((entries) => new Sweep(entries, order, window, passes))
    if (sweeps.every((sweep) => sweep.run(steps) >= 0)) return merged(nearest, sweeps)
    nearest.clear()
  }
}

function merged(nearest: Nearest, sweeps: readonly Sweep[]): readonly number[] {
  if (sweeps.length === 1) return sweeps[0]?.found ?? []
  nearest.clear()
  for (const { found } of sweeps) for (const entry of found) if (nearest.wants(entry)) nearest.add(entry)
  return nearest.sorted()
}
