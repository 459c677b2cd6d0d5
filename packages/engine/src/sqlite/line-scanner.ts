import { longestText } from '../graph/wanted-text.js'

/** Reads the JSON of an entity by its bytes, forwards, as far as it is what is expected. */
export class LineScanner {
  /** The place that is read next. */
  at = 0
  /** Where the text that was read last begins, and ends. */
  from = 0
  to = 0

  constructor(readonly bytes: Uint8Array) {}

  /** Whether these characters come next; then they are passed. */
  passes(expected: Uint8Array): boolean {
    const { bytes, at } = this
    for (let n = 0; n < expected.length; n++) if (bytes[at + n] !== expected[n]) return false
    this.at = at + expected.length
    return true
  }

  /** Whether a text of plain ASCII ends at the next quote, and soon; then it is passed with the quote. */
  passesText(): boolean {
    const { bytes } = this
    this.from = this.at
    const end = this.at + longestText
    for (let at = this.at; at <= end; at++) {
      const code = bytes[at]
      if (code === quote) {
        this.to = at
        this.at = at + 1
        return true
      }
      if (code === undefined || code >= 0x80 || code === backslash) break
    }
    return false
  }

  /** The same for one that begins with a prefix, of which `from` is the end. */
  passesTextAfter(prefix: Uint8Array): boolean {
    return this.passes(prefix) && this.passesText()
  }

  /** The same for a prefix and the 26 characters of a ULID. */
  passesUlidAfter(prefix: Uint8Array): boolean {
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

/** Characters as bytes. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const newline = 0x0a
