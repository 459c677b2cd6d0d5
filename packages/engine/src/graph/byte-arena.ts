import { absent, hashOfText, WantedText, wordCount } from './wanted-text.js'
import { Stretch, type Words } from './words.js'

const added = new WantedText()

/**
 * Strings of ASCII, one after the other outside the JavaScript heap: an id costs its length, where a string in a
 * `Map` costs 60 to 90 bytes more. Each begins at a whole word; an offset counts bytes from the first one. Words
 * are little-endian, as every platform that Node and libsql are built for.
 */
export class ByteArena extends Stretch {
  /** In words. */
  #used = 0

  constructor(private readonly memory: Words) {
    super()
    memory.claim(this, 0)
  }

  /**
   * Append a string, from a position on, and return its offset. What is no longer used stays until the graph is
   * built again.
   *
   * @throws {Error} for what no arena holds.
   */
  add(text: string, from = 0): number {
    if (added.read(text, from, 0) === absent) throw new Error(`\`${text}\` is too long, or not ASCII`)
    return this.addRead(added)
  }

  /** Append a string that was read. */
  addRead(read: WantedText): number {
    const first = this.#used
    this.#used += wordCount(read.length)
    if (this.#used > this.length) this.memory.resize([[this, Math.max(this.#used, this.length * 2)]])
    const { words } = this.memory
    for (let word = first; word < this.#used; word++)
      words[this.at + word] = read.words[word - first] as number
    return first * 4
  }

  read(offset: number, length: number): string {
    const from = this.at * 4 + offset
    return this.memory.bytes.toString('latin1', from, from + length)
  }

  /** Copy a string to whole words elsewhere. Returns the word behind it. */
  copy(offset: number, length: number, into: Int32Array, at: number): number {
    const { words } = this.memory
    const first = this.at + (offset >>> 2)
    const count = wordCount(length)
    for (let word = 0; word < count; word++) into[at + word] = words[first + word] as number
    return at + count
  }

  /** Whether a string that is looked for lies here. */
  isWanted(wanted: WantedText, offset: number, length: number): boolean {
    return wanted.liesAt(this.memory.words, this.at + (offset >>> 2), length)
  }

  /** Order two strings, byte by byte. */
  compare(one: number, oneLength: number, other: number, otherLength: number): number {
    const { words } = this.memory
    const count = wordCount(Math.min(oneLength, otherLength))
    for (let word = 0; word < count; word++) {
      const a = words[this.at + (one >>> 2) + word] as number
      const b = words[this.at + (other >>> 2) + word] as number
      if (a !== b) return compareBytes(a, b)
    }
    return oneLength - otherLength
  }

  /** Order a string here against another one. */
  compareTo(offset: number, length: number, text: string): number {
    for (let i = 0; i < length && i < text.length; i++) {
      const difference = (this.memory.bytes[this.at * 4 + offset + i] as number) - text.charCodeAt(i)
      if (difference !== 0) return difference
    }
    return length - text.length
  }

  /** The hash under which the string here is found. */
  hashAt(offset: number, length: number, salt: number): number {
    return hashOfText(this.memory.words, this.at + (offset >>> 2), length, salt)
  }

  /** The stretch and the length that it must have for so many bytes more. */
  lengthFor(bytes: number): readonly [Stretch, number] {
    return [this, this.#used + wordCount(bytes)]
  }

  /** The stretch and the length that it needs. */
  lengthUsed(): readonly [Stretch, number] {
    return [this, this.#used]
  }
}

/** How many bytes a string takes here: as many as the words that it begins. */
export function wholeWords(length: number): number {
  return (length + 3) & ~3
}

/** Order two words by the first byte in which they differ. */
function compareBytes(one: number, other: number): number {
  const differing = one ^ other
  const shift = (31 - Math.clz32(differing & -differing)) & ~7
  return ((one >>> shift) & 255) - ((other >>> shift) & 255)
}
