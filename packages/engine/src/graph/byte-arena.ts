import { randomBytes } from 'node:crypto'
import { Stretch, type Words } from './words.js'

// A constant of this module alone is compiled into what uses it; one that is exported is read each time.
const longest = 128

/** The longest string that an arena holds, in characters. */
export const longestText: number = longest

/** What no arena holds: something longer, or not ASCII. */
export const absent = -1

// A seed of the process, so that nobody can choose external ids that all fall into one slot.
const seed = randomBytes(4).readInt32LE()

/** The string that was read last: four characters a word, the first in the lowest bits, filled up with zeros. */
const wanted = new Int32Array(longest / 4 + 1)
let wantedLength = 0

/**
 * Read a string, from a position on, to look for it. Reading its characters is most of what finding an id costs,
 * so it is done once: what is compared afterwards are words.
 *
 * @param salt - Keeps apart equal strings of different kinds.
 * @returns The hash under which it is found, 30 bits, or `absent`.
 */
export function readText(text: string, from: number, salt: number): number {
  const length = text.length - from
  if (length > longest) return absent
  const whole = text.length - 3
  let seen = 0
  let hash = seed ^ salt
  let at = from
  let word = 0
  for (; at < whole; at += 4) {
    const a = text.charCodeAt(at)
    const b = text.charCodeAt(at + 1)
    const c = text.charCodeAt(at + 2)
    const d = text.charCodeAt(at + 3)
    seen |= a | b | c | d
    const four = a | (b << 8) | (c << 16) | (d << 24)
    wanted[word++] = four
    hash = mix(hash, four)
  }
  let rest = 0
  for (let shift = 0; at < text.length; at++, shift += 8) {
    const code = text.charCodeAt(at)
    seen |= code
    rest |= code << shift
  }
  wanted[word] = rest
  wantedLength = length
  return seen > 127 ? absent : finish(mix(hash, rest))
}

/** As `readText`, from bytes that are ASCII. @throws {Error} for what is longer than any that an arena holds. */
export function readBytes(bytes: Uint8Array, from: number, to: number, salt: number): number {
  const length = to - from
  if (length > longest) throw new Error(`a text of ${length} bytes is too long`)
  const whole = to - 3
  let hash = seed ^ salt
  let at = from
  let word = 0
  for (; at < whole; at += 4) {
    const four =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)
    wanted[word++] = four
    hash = mix(hash, four)
  }
  let rest = 0
  for (let shift = 0; at < to; at++, shift += 8) rest |= (bytes[at] as number) << shift
  wanted[word] = rest
  wantedLength = length
  return finish(mix(hash, rest))
}

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
    if (readText(text, from, 0) === absent) throw new Error(`\`${text}\` is too long, or not ASCII`)
    return this.addRead()
  }

  /** Append the string that was read last. */
  addRead(): number {
    const first = this.#used
    this.#used += wordCount(wantedLength)
    if (this.#used > this.length) this.memory.resize([[this, Math.max(this.#used, this.length * 2)]])
    const { words } = this.memory
    for (let word = first; word < this.#used; word++) words[this.at + word] = wanted[word - first] as number
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

  /** Whether the string that was read last lies here. */
  isWanted(offset: number, length: number): boolean {
    return isWantedAt(this.memory.words, this.at + (offset >>> 2), length)
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
    const { words } = this.memory
    const first = this.at + (offset >>> 2)
    let hash = seed ^ salt
    // One word more than a string of whole words has: `readText` ends with an empty one there.
    for (let word = 0; word <= length >>> 2; word++) {
      hash = mix(hash, word * 4 < length ? (words[first + word] as number) : 0)
    }
    return finish(hash)
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

/** Whether the string that was read last lies from a word on. From the end: ids of one kind begin alike. */
export function isWantedAt(words: Int32Array, first: number, length: number): boolean {
  if (length !== wantedLength) return false
  for (let word = wordCount(length) - 1; word >= 0; word--) {
    if (words[first + word] !== wanted[word]) return false
  }
  return true
}

/** How many bytes a string takes here: as many as the words that it begins. */
export function wholeWords(length: number): number {
  return (length + 3) & ~3
}

function wordCount(length: number): number {
  return (length + 3) >>> 2
}

/** Order two words by the first byte in which they differ. */
function compareBytes(one: number, other: number): number {
  const differing = one ^ other
  const shift = (31 - Math.clz32(differing & -differing)) & ~7
  return ((one >>> shift) & 255) - ((other >>> shift) & 255)
}

function mix(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x85ebca6b)
  return mixed ^ (mixed >>> 15)
}

/** Spread the bits (the finish of MurmurHash3), since slots are chosen by the low ones. 30 bits. */
export function finish(hash: number): number {
  let mixed = hash ^ (hash >>> 16)
  mixed = Math.imul(mixed, 0x85ebca6b)
  mixed ^= mixed >>> 13
  mixed = Math.imul(mixed, 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) & 0x3fffffff
}
