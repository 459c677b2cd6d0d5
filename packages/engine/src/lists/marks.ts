import { grownWords } from '../graph/grow.js'

/** How many bits an entry can be marked with; the rest of a word counts the rounds. */
const width = 16
const mostRounds = 2 ** (32 - width) - 1

/**
 * A few bits for each entry, all cleared at once by beginning a new round: no set of strings and nothing to
 * allocate, however often it is used.
 */
export class Marks {
  #words = new Uint32Array(64)
  #round = 0

  /** Clear all marks. */
  begin(): void {
    if (this.#round === mostRounds) {
      this.#words.fill(0)
      this.#round = 0
    }
    this.#round += 1
  }

  /** The bits of an entry. */
  of(entry: number): number {
    // Past the end of the array there is `undefined`, which counts as 0: no round has that number.
    const word = this.#words[entry] as number
    return word >>> width === this.#round ? word & (2 ** width - 1) : 0
  }

  add(entry: number, bits: number): void {
    const marked = this.of(entry) | bits
    if (entry >= this.#words.length) this.#words = grownWords(this.#words, entry + 1)
    this.#words[entry] = (this.#round << width) | marked
  }
}
