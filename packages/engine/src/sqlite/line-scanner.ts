import { longestText } from '../graph/wanted-text.js'

/** Reads the JSON of an entity by its bytes, forwards, as far as it is what is expected. */
export class LineScanner {
  /** The place that is read next. */
  at = 0
  /** Where the text that was read last begins, and ends. */
  from = 0
  to = 0

  readonly #view: DataView

  constructor(readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Whether these characters come next; then they are passed. */
  passes({ words, rest, length }: Characters): boolean {
    const { bytes } = this
    let { at } = this
    if (at + length > bytes.length) return false
    for (let n = 0; n < words.length; n++, at += 4)
      if (this.#view.getInt32(at, true) !== words[n]) return false
    for (let n = 0; n < rest.length; n++, at++) if (bytes[at] !== rest[n]) return false
    this.at = at
    return true
  }

  /** Whether a text of plain ASCII ends at the next quote, and soon; then it is passed with the quote. */
  passesText(): boolean {
    const { bytes } = this
    let { at } = this
    this.from = at
    const end = Math.min(at + longestText + 1, bytes.length)
    while (at < end && isPlain[bytes[at] as number] === 1) at++
    if (at === end || bytes[at] !== quote) return false
    this.to = at
    this.at = at + 1
    return true
  }

  /** The same for one that begins with a prefix, of which `from` is the end. */
  passesTextAfter(prefix: Characters): boolean {
    return this.passes(prefix) && this.passesText()
  }

  /** The same for a prefix and the 26 characters of a ULID. */
  passesUlidAfter(prefix: Characters): boolean {
    if (!this.passes(prefix)) return false
    this.from = this.at
    this.to = this.at + 26
    if (this.bytes[this.to] !== quote) return false
    this.at = this.to + 1
    return true
  }

  /** Pass a value that nobody needs: a text, whatever is in it, or anything that has no comma in it. */
  skipValue(): void {
    const { bytes } = this
    let { at } = this
    if (bytes[at] === quote) {
      for (at += 1; at < bytes.length && bytes[at] !== quote; at++) if (bytes[at] === backslash) at += 1
      this.at = at + 1
      return
    }
    while (at < bytes.length && bytes[at] !== comma) at++
    this.at = at
  }

  /** Go to where the line ends. */
  skipLine(): void {
    const { bytes } = this
    let { at } = this
    while (at < bytes.length && bytes[at] !== newline) at++
    this.at = at
  }
}

/** Characters to compare with: four of them a word, and what is left. */
export interface Characters {
  readonly words: Int32Array
  readonly rest: Uint8Array
  readonly length: number
}

/** Characters of ASCII, to compare with. */
export function ascii(text: string): Characters {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0))
  const view = new DataView(bytes.buffer)
  const words = Int32Array.from({ length: bytes.length >>> 2 }, (_, n) => view.getInt32(n * 4, true))
  return { words, rest: bytes.slice(words.length * 4), length: bytes.length }
}

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const newline = 0x0a

/** What stands in a text as it is: ASCII, and no escape. */
const isPlain = new Uint8Array(256).fill(1, 0, 0x80)
isPlain[quote] = 0
isPlain[backslash] = 0
