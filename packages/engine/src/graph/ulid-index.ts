import { grownWords } from './grow.js'
import { compareUlids, formatUlid, parsed, parseUlid, writeUlid } from './packed-ulid.js'
import { Slots } from './slots.js'
import { finish } from './wanted-text.js'
import type { Stretch, Words } from './words.js'

/** The ids of entries, all `<prefix>_<ULID>`: 16 bytes each, and found by open addressing. */
export class UlidIndex {
  #words = new Uint32Array(4 * 4)
  #used = 0
  readonly #slots: Slots
  readonly #prefix: string

  constructor(prefix: string, memory: Words) {
    this.#slots = new Slots(memory)
    this.#prefix = `${prefix}_`
  }

  get bytes(): number {
    return this.#words.byteLength
  }

  /** The entry with this id, or `-1`. */
  find(id: string): number {
    return id.startsWith(this.#prefix) && parseUlid(id, this.#prefix.length) ? this.findParsed() : -1
  }

  /** The entry with the id whose ULID was parsed last, or `-1`. */
  findParsed(): number {
    const a = parsed[0] as number
    const b = parsed[1] as number
    const c = parsed[2] as number
    const d = parsed[3] as number
    const words = this.#words
    const hash = hashOfWords(a, b, c, d)
    for (let place = hash; ; place++) {
      const entry = this.#slots.entryAt(place, hash)
      if (entry === -1) return -1
      if (entry < 0) continue
      const at = entry * 4
      if (words[at + 3] === d && words[at + 2] === c && words[at + 1] === b && words[at] === a) return entry
    }
  }

  id(entry: number): string {
    return this.#prefix + formatUlid(this.#words, entry * 4)
  }

  /** Write what follows the prefix in the id of an entry, from a word on: seven words. */
  write(entry: number, into: Int32Array, at: number): void {
    writeUlid(this.#words, entry * 4, into, at)
  }

  /** Order two entries by id. */
  compare(one: number, other: number): number {
    return compareUlids(this.#words, one * 4, other * 4)
  }

  /** How entries are ordered against one id, which need not be there; `undefined` when it is not one of ours. */
  against(id: string): ((entry: number) => number) | undefined {
    if (!id.startsWith(this.#prefix) || !parseUlid(id, this.#prefix.length)) return undefined
    const [a, b, c, d] = parsed as unknown as readonly [number, number, number, number]
    return (entry) => {
      const words = this.#words
      const at = entry * 4
      return (
        (words[at] as number) - a ||
        (words[at + 1] as number) - b ||
        (words[at + 2] as number) - c ||
        (words[at + 3] as number) - d
      )
    }
  }

  /** @throws {Error} when the id is not one of ours. */
  add(entry: number, id: string): void {
    if (!id.startsWith(this.#prefix) || !parseUlid(id, this.#prefix.length)) {
      throw new Error(`${id} does not read ${this.#prefix} and a ULID`)
    }
    this.addParsed(entry)
  }

  /** Add the ULID that was parsed last. */
  addParsed(entry: number): void {
    this.#used = Math.max(this.#used, entry + 1)
    this.#words = grownWords(this.#words, this.#used * 4)
    const at = entry * 4
    for (let n = 0; n < 4; n++) this.#words[at + n] = parsed[n] as number
    this.#slots.add(entry, (other) => this.#hash(other))
  }

  /** Have room for so many ids, none of which is there yet. Returns what is left to be stretched. */
  reserve(entries: number): readonly [Stretch, number] {
    this.#words = grownWords(this.#words, entries * 4)
    return this.#slots.lengthFor(entries)
  }

  remove(entry: number): void {
    this.#slots.remove(entry, this.#hash(entry))
  }

  /** Give back what growing took in advance. */
  trim(): void {
    this.#words = this.#words.slice(0, Math.max(this.#used, 1) * 4)
  }

  #hash(entry: number): number {
    const at = entry * 4
    const words = this.#words
    return hashOfWords(
      words[at] as number,
      words[at + 1] as number,
      words[at + 2] as number,
      words[at + 3] as number,
    )
  }
}

function hashOfWords(a: number, b: number, c: number, d: number): number {
  return finish(Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca77) ^ Math.imul(c, 0xc2b2ae3d) ^ d)
}
