import type { OrderedEntries } from '../graph/ordered-ids.js'
import { type IdOrder, sideOf, type Window } from './window.js'

/**
 * Goes through entries that are in order, from a window's place on, until enough of them pass: as many as the window
 * takes, and one more. It can be stopped after some steps and goes on where it was.
 */
export class Sweep {
  #position: number
  readonly #step: 1 | -1
  readonly #most: number
  /** What has passed, nearest to the place first. */
  readonly found: number[] = []

  constructor(
    private readonly entries: OrderedEntries,
    order: IdOrder,
    { limit, direction, from }: Window,
    private readonly passes: (entry: number) => boolean,
  ) {
    const end = direction === 'forward' ? 0 : entries.length
    const next = from === undefined ? end : entries.position(sideOf(order, from))
    this.#position = direction === 'forward' ? next : next - 1
    this.#step = direction === 'forward' ? 1 : -1
    this.#most = limit + 1
  }

  /** Go on for at most `steps`. Returns how many are left, and less than 0 when it has not arrived. */
  run(steps: number): number {
    const { entries, found } = this
    let left = steps
    while (found.length < this.#most && this.#position >= 0 && this.#position < entries.length) {
      if (left <= 0) return -1
      left -= 1
      const entry = entries.at(this.#position)
      this.#position += this.#step
      if (this.passes(entry)) found.push(entry)
    }
    return left
  }
}
