/** A set of entries, one bit each: 32 of them are added at once. */
export class EntryBits {
  #words: Int32Array
  /** The words of entries below the bound. */
  #used: number

  /** @param bound - All entries are below it. */
  constructor(bound: number) {
    this.#used = wordsFor(bound)
    this.#words = new Int32Array(this.#used)
  }

  get bytes(): number {
    return this.#words.byteLength
  }

  /** Make it empty, for entries below another bound. */
  clear(bound: number): void {
    this.#used = wordsFor(bound)
    if (this.#used > this.#words.length) this.#words = new Int32Array(2 * this.#used)
    // What lies beyond is not asked for until it is cleared as well.
    else this.#words.fill(0, 0, this.#used)
  }

  has(entry: number): boolean {
    return this.bit(entry) === 1
  }

  /** 1 for an entry that is in it, and 0 for another one. */
  bit(entry: number): number {
    return ((this.#words[entry >>> 5] as number) >>> (entry & 31)) & 1
  }

  add(entry: number): void {
    const at = entry >>> 5
    this.#words[at] = (this.#words[at] as number) | (1 << (entry & 31))
  }

  /** Add an entry if a bit is 1, and leave it as it is if the bit is 0. */
  addBit(entry: number, bit: number): void {
    const at = entry >>> 5
    this.#words[at] = (this.#words[at] as number) | (bit << (entry & 31))
  }

  /** Add every entry of a set whose bound is no higher. */
  addAll(set: EntryBits): void {
    const words = this.#words
    const others = set.#words
    const used = set.#used
    for (let at = 0; at < used; at++) words[at] = (words[at] as number) | (others[at] as number)
  }
}

function wordsFor(bound: number): number {
  return (bound + 31) >>> 5
}
