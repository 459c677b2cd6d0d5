import type { EntityKind } from '@bailiwick/core'
import type { IdRange } from './range.js'
import type { Located } from './store.js'

/** Entities of one kind, by id, with a sorted list of the ids when somebody pages. */
export class KindIndex<Kind extends EntityKind = EntityKind> {
  readonly #byId = new Map<string, Located<Kind>>()
  #sorted: readonly string[] | undefined

  get size(): number {
    return this.#byId.size
  }

  get(id: string): Located<Kind> | undefined {
    return this.#byId.get(id)
  }

  ids(): IterableIterator<string> {
    return this.#byId.keys()
  }

  values(): IterableIterator<Located<Kind>> {
    return this.#byId.values()
  }

  set(id: string, located: Located<Kind>): void {
    if (!this.#byId.has(id)) this.#sorted = undefined
    this.#byId.set(id, located)
  }

  delete(id: string): void {
    if (this.#byId.delete(id)) this.#sorted = undefined
  }

  /** Ids are ASCII, so the order of code units is that of bytes. */
  read({ above, below, descending, limit }: IdRange): Located<Kind>[] {
    const sorted = this.#sorted ?? [...this.#byId.keys()].sort()
    this.#sorted = sorted
    const from = above === undefined ? 0 : countUpTo(sorted, (id) => id <= above)
    const to = below === undefined ? sorted.length : countUpTo(sorted, (id) => id < below)
    const ids = descending
      ? sorted.slice(Math.max(from, to - limit), Math.max(from, to)).reverse()
      : sorted.slice(from, Math.min(to, from + limit))
    return ids.map((id) => this.#byId.get(id) as Located<Kind>)
  }
}

/** Binary search: how many of the first ids meet a condition that none meets after them. */
function countUpTo(sorted: readonly string[], met: (id: string) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (met(sorted[middle] as string)) low = middle + 1
    else high = middle
  }
  return low
}
