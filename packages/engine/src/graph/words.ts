/** A part of the words of an organization. It moves when another one grows. */
export class Stretch {
  /** The place of its first word. */
  at = 0
  length = 0
}

/**
 * One array of integers for everything that an organization is looked up and decided by. Each array of its own would
 * be another object to wait for: at a million resources that costs a check more than all else.
 */
export class Words {
  words: Int32Array<ArrayBuffer> = new Int32Array(0)
  /** The same memory as bytes. */
  bytes: Buffer<ArrayBuffer> = Buffer.from(this.words.buffer)
  readonly #all: Stretch[] = []

  /** Add a stretch at the end, all zero. */
  claim(stretch: Stretch, length: number): void {
    this.#all.push(stretch)
    this.resize([[stretch, length]])
  }

  /** Give stretches other lengths. What they hold is kept as far as it fits, and what is new is zero. */
  resize(lengths: Iterable<readonly [Stretch, number]>): void {
    const wanted = new Map(lengths)
    const lengthOf = (stretch: Stretch) => wanted.get(stretch) ?? stretch.length
    if (this.#all.every((stretch) => lengthOf(stretch) === stretch.length)) return
    const words = new Int32Array(this.#all.reduce((sum, each) => sum + lengthOf(each), 0))
    let at = 0
    for (const stretch of this.#all) {
      const length = lengthOf(stretch)
      const kept = Math.min(length, stretch.length)
      words.set(this.words.subarray(stretch.at, stretch.at + kept), at)
      stretch.at = at
      stretch.length = length
      at += length
    }
    this.words = words
    this.bytes = Buffer.from(words.buffer)
  }
}
