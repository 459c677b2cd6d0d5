import type { EntityKind } from '@bailiwick/core'
import type { Located } from './store.js'

/** The entities of one kind over all shards, by id, with a sorted list of the ids when somebody pages. */
export class KindIndex<Kind extends EntityKind = EntityKind> {
  readonly #byId = new Map<string, Located<Kind>>()
  #sorted: readonly string[] | undefined

  get(id: string): Located<Kind> | undefined {
    return this.#byId.get(id)
  }

  set(id: string, located: Located<Kind>): void {
    if (!this.#byId.has(id)) this.#sorted = undefined
    this.#byId.set(id, Object.freeze(located))
  }

  delete(id: string): void {
    if (this.#byId.delete(id)) this.#sorted = undefined
  }

  /** Ordered by id, strictly after `after`. Ids are ASCII, so the order of code units is that of bytes. */
  page({ after, limit }: { readonly after?: string; readonly limit: number }): Located<Kind>[] {
    const sorted = this.#sorted ?? [...this.#byId.keys()].sort()
    this.#sorted = sorted
    const from = after === undefined ? 0 : firstAfter(sorted, after)
    return sorted.slice(from, from + limit).map((id) => this.#byId.get(id) as Located<Kind>)
  }
}

/** Binary search: the place of the first id that is greater than `after`. */
function firstAfter(sorted: readonly string[], after: string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as string) > after) high = middle
    else low = middle + 1
  }
  return low
}
