import { randomBytes } from 'node:crypto'

// A constant of this module alone is compiled into what uses it; one that is exported is read each time.
const longest = 128

/** The longest string that an arena holds, in characters. */
export const longestText: number = longest

/** What no arena holds: something longer, or not ASCII. */
export const absent = -1

// A seed of the process, so that nobody can choose external ids that all fall into one slot.
const seed = randomBytes(4).readInt32LE()

/**
 * A string as it is looked for. Reading its characters is most of what finding an id costs, so it is done once: what
 * is compared afterwards are words. One serves for many strings, one after the other.
 */
export class WantedText {
  /** Four characters a word, the first in the lowest bits, filled up with zeros. */
  readonly words: Int32Array = new Int32Array(longest / 4 + 1)
  length = 0

  /**
   * Read a string, from a position on.
   *
   * @param salt - Keeps apart equal strings of different kinds.
   * @returns The hash under which it is found, 30 bits, or `absent`.
   */
  read(text: string, from: number, salt: number): number {
    const length = text.length - from
    if (length > longest) return absent
    const { words } = this
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
      words[word++] = four
      hash = mix(hash, four)
    }
    let rest = 0
    for (let shift = 0; at < text.length; at++, shift += 8) {
      const code = text.charCodeAt(at)
      seen |= code
      rest |= code << shift
    }
    words[word] = rest
    this.length = length
    return seen > 127 ? absent : finish(mix(hash, rest))
  }

  /** As `read`, from bytes that are ASCII. @throws {Error} for what is longer than any that an arena holds. */
  readBytes(bytes: Uint8Array, from: number, to: number, salt: number): number {
    const length = to - from
    if (length > longest) throw new Error(`a text of ${length} bytes is too long`)
    const { words } = this
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
      words[word++] = four
      hash = mix(hash, four)
    }
    let rest = 0
    for (let shift = 0; at < to; at++, shift += 8) rest |= (bytes[at] as number) << shift
    words[word] = rest
    this.length = length
    return finish(mix(hash, rest))
  }

  /** Whether it lies from a word on. From the end: ids of one kind begin alike. */
  liesAt(among: Int32Array, first: number, length: number): boolean {
    if (length !== this.length) return false
    const { words } = this
    for (let word = wordCount(length) - 1; word >= 0; word--) {
      if (among[first + word] !== words[word]) return false
    }
    return true
  }
}

/** The hash under which a string is found that lies from a word on. */
export function hashOfText(words: Int32Array, first: number, length: number, salt: number): number {
  let hash = seed ^ salt
  // One word more than a string of whole words has: `read` ends with an empty one there.
  for (let word = 0; word <= length >>> 2; word++) {
    hash = mix(hash, word * 4 < length ? (words[first + word] as number) : 0)
  }
  return finish(hash)
}

/** How many words a string begins. */
export function wordCount(length: number): number {
  return (length + 3) >>> 2
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
