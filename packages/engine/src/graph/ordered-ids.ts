import { grownInts } from './grow.js'

/** Entries in the order of their ids, for lists that go on from a place. New ids are mostly the greatest. */
export class OrderedEntries {
  #entries = new Int32Array(4)
  #length = 0

  /** @param compare - Orders two entries by their ids. */
  constructor(private readonly compare: (one: number, other: number) => number) {}

  /** The same entries, whatever order they come in. */
  static of(entries: number[], compare: (one: number, other: number) => number): OrderedEntries {
    const ordered = new OrderedEntries(compare)
    // As an array, not as integers: that sort is quick with what is in order already, also the wrong way round.
    ordered.#entries = Int32Array.from(entries.sort(compare))
    ordered.#length = entries.length
    return ordered
  }

  get length(): number {
    return this.#length
  }

  get bytes(): number {
    return this.#entries.byteLength
  }

  /** All of them, and room behind them: for who looks at many. Good until something is added or removed. */
  get entries(): Int32Array {
    return this.#entries
  }

  at(position: number): number {
    return this.#entries[position] as number
  }

  /** Those that fit, in the same order. */
  filter(fits: (entry: number) => boolean): OrderedEntries {
    const some = new OrderedEntries(this.compare)
    some.#entries = this.#entries.subarray(0, this.#length).filter(fits)
    some.#length = some.#entries.length
    return some
  }

  add(entry: number): void {
    this.#entries = grownInts(this.#entries, this.#length + 1)
    const position = this.position((other) => this.compare(other, entry))
    this.#entries.copyWithin(position + 1, position, this.#length)
    this.#entries[position] = entry
    this.#length += 1
  }

  remove(entry: number): void {
    const position = this.position((other) => this.compare(other, entry))
    // Past the end lie entries of before.
    if (position >= this.#length || this.#entries[position] !== entry) return
    this.#entries.copyWithin(position, position + 1, this.#length)
    this.#length -= 1
  }

  /** The first position whose entry is not below what `order` compares with: `order(entry) < 0` means below. */
  position(order: (entry: number) => number): number {
    const last = this.#length - 1
    if (last < 0 || order(this.at(last)) < 0) return this.#length
    let low = 0
    let high = last
    while (low < high) {
      const middle = (low + high) >>> 1
      if (order(this.at(middle)) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  trim(): void {
    this.#entries = this.#entries.slice(0, Math.max(this.#length, 1))
  }
}
