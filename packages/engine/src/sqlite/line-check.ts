import { crc32 } from 'node:zlib'
import { JoinedChecksums } from './joined-checksums.js'

/** What lines are between. */
export const lineEnd = ',\n'

/** Compares lines with their checksums, all of them by one sum. */
export class LineCheck {
  readonly #joined: JoinedChecksums
  #at = 0
  #left: number

  /**
   * @param key - The sum that each line's was begun with.
   * @param sums - In decimals, between commas.
   * @param count - How many lines there must be.
   */
  constructor(
    private readonly key: number,
    private readonly sums: Uint8Array,
    readonly count: number,
  ) {
    this.#joined = new JoinedChecksums(key, lineEnd)
    this.#left = count
  }

  /** A line of so many bytes comes next. */
  add(length: number): void {
    this.#left -= 1
    this.#joined.add(this.#nextSum(), length)
  }

  /** Whether these are the lines that were added, each as it was when it was summed up. */
  isPassedBy(lines: Uint8Array): boolean {
    return this.#left === 0 && crc32(lines, this.key) === this.#joined.sum
  }

  #nextSum(): number {
    let sum = 0
    for (; this.#at < this.sums.length; this.#at++) {
      const code = this.sums[this.#at] as number
      if (code === comma) break
      sum = sum * 10 + code - zero
    }
    this.#at += 1
    return sum
  }
}

const comma = 0x2c
const zero = 0x30
