import type { WrittenRow } from './log-rows.js'

/**
 * The last rows of the log, those that SQLite does not have yet, in memory: in order, one following the other. A moment
 * after SQLite has them they may be here still, and are the same.
 */
export class AheadRows implements Iterable<WrittenRow> {
  #rows: WrittenRow[]

  constructor(rows: readonly WrittenRow[]) {
    this.#rows = [...rows]
  }

  get isEmpty(): boolean {
    return this.#rows.length === 0
  }

  get first(): WrittenRow | undefined {
    return this.#rows[0]
  }

  get last(): WrittenRow | undefined {
    return this.#rows.at(-1)
  }

  [Symbol.iterator](): Iterator<WrittenRow> {
    return this.#rows[Symbol.iterator]()
  }

  add(row: WrittenRow): void {
    this.#rows.push(row)
  }

  /** The row whose last commit has this position. */
  at(position: number): WrittenRow | undefined {
    const row = this.#rows[this.#firstAfter(position - 1)]
    return row?.[0] === position ? row : undefined
  }

  /** Rows of which the last commit has a position behind this one. */
  after(position: number, limit = this.#rows.length): readonly WrittenRow[] {
    const from = this.#firstAfter(position)
    return this.#rows.slice(from, from + limit)
  }

  /** SQLite has them up to a position. */
  drop(upTo: number): void {
    const from = this.#firstAfter(upTo)
    if (from > 0) this.#rows = this.#rows.slice(from)
  }

  #firstAfter(position: number): number {
    let [from, to] = [0, this.#rows.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if ((this.#rows[middle] as WrittenRow)[0] > position) to = middle
      else from = middle + 1
    }
    return from
  }
}
