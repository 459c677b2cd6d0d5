import { type IdOrder, sideOf, type Window } from './window.js'

/**
 * Picks out of entries that come in any order, repetitions included, those nearest to a window's place: as many as
 * the window takes, and one more to know whether there are more.
 */
export class Nearest {
  /** The farthest first: a heap, so that what comes later is compared with one entry mostly. */
  #heap: number[] = []
  readonly #most: number
  readonly #sign: 1 | -1
  readonly #side: ((entry: number) => number) | undefined

  constructor(
    private readonly order: IdOrder,
    { limit, direction, from }: Window,
  ) {
    this.#most = limit + 1
    this.#sign = direction === 'forward' ? 1 : -1
    this.#side = from && sideOf(order, from)
  }

  clear(): void {
    this.#heap = []
  }

  /** Whether an entry would be kept: worth asking before it is looked at more closely. */
  wants(entry: number): boolean {
    if (this.#side !== undefined && this.#side(entry) * this.#sign < 0) return false
    const [farthest] = this.#heap
    return this.#heap.length < this.#most || farthest === undefined || this.#compare(entry, farthest) < 0
  }

  /** Keep an entry that is wanted and has not been added before. */
  add(entry: number): void {
    const heap = this.#heap
    if (heap.length < this.#most) {
      heap.push(entry)
      this.#rise(heap.length - 1)
    } else {
      heap[0] = entry
      this.#sink()
    }
  }

  /** What was kept, nearest first. */
  sorted(): readonly number[] {
    return this.#heap.sort((one, other) => this.#compare(one, other))
  }

  #compare(one: number, other: number): number {
    return this.order.compare(one, other) * this.#sign
  }

  #rise(from: number): void {
    const heap = this.#heap
    const entry = heap[from] as number
    let at = from
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.#compare(heap[parent] as number, entry) >= 0) break
      heap[at] = heap[parent] as number
      at = parent
    }
    heap[at] = entry
  }

  #sink(): void {
    const heap = this.#heap
    const entry = heap[0] as number
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && this.#compare(heap[child + 1] as number, heap[child] as number) > 0)
        child += 1
      if (this.#compare(heap[child] as number, entry) <= 0) break
      heap[at] = heap[child] as number
      at = child
    }
    heap[at] = entry
  }
}
