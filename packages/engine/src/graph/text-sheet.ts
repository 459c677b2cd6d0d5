import { longestText } from './byte-arena.js'
import { grownInts } from './grow.js'
import { writeUlid } from './packed-ulid.js'

const ulidLength = 26
const longestPrefix = 16
const mostWords = (longestPrefix + longestText) / 4

/** What many texts begin with, as words: filled up in front, so that what follows begins at a whole word. */
export interface TextPrefix {
  readonly words: Int32Array
  /** The bytes in front that are not part of it. */
  readonly filled: number
}

/** A prefix of ASCII, of at most 16 characters. */
export function textPrefix(text: string): TextPrefix {
  const filled = (4 - (text.length % 4)) % 4
  const bytes = Buffer.alloc(filled + text.length)
  bytes.write(text, filled, 'latin1')
  const words = new Int32Array(bytes.length / 4)
  for (let word = 0; word < words.length; word++) words[word] = bytes.readInt32LE(word * 4)
  return { words, filled }
}

/**
 * Many texts at once. Making a string of bytes is a call into the runtime, which costs more than the bytes of an id
 * do: so a page of them is written one after the other, made one string, and cut.
 */
export class TextSheet {
  #words = new Int32Array(1_024)
  /** The same memory in pairs of bytes, and in bytes. */
  #pairs = new Uint16Array(this.#words.buffer)
  #bytes = Buffer.from(this.#words.buffer)
  /** In words. */
  #used = 0
  /** Of each text, the byte where it begins and the one where it ends. */
  #bounds = new Int32Array(256)
  #count = 0
  #text = ''

  /** Begin a new sheet of so many texts. */
  begin(texts: number): void {
    this.#used = 0
    this.#count = 0
    this.#bounds = grownInts(this.#bounds, 2 * texts)
    if (texts * mostWords <= this.#words.length) return
    this.#words = grownInts(this.#words, texts * mostWords)
    this.#pairs = new Uint16Array(this.#words.buffer)
    this.#bytes = Buffer.from(this.#words.buffer)
  }

  /** Add what lies in an arena, from a word on. */
  add(prefix: TextPrefix, words: Int32Array, first: number, length: number): void {
    const at = this.#open(prefix)
    const mine = this.#words
    const count = (length + 3) >>> 2
    for (let word = 0; word < count; word++) mine[at + word] = words[first + word] as number
    this.#close(at, length)
  }

  /** Add a ULID of four words. */
  addUlid(prefix: TextPrefix, words: Uint32Array, first: number): void {
    const at = this.#open(prefix)
    writeUlid(words, first, this.#pairs, at * 2)
    this.#close(at, ulidLength)
  }

  /** Make the texts that were added strings. */
  finish(): void {
    this.#text = this.#bytes.toString('latin1', 0, this.#used * 4)
  }

  /** The text that was added as the `n`th, from 0. */
  text(n: number): string {
    return this.#text.substring(this.#bounds[2 * n] as number, this.#bounds[2 * n + 1])
  }

  /** Write the prefix of another text. Returns the word where the rest belongs. */
  #open({ words, filled }: TextPrefix): number {
    const start = this.#used
    const mine = this.#words
    for (let word = 0; word < words.length; word++) mine[start + word] = words[word] as number
    this.#bounds[2 * this.#count] = start * 4 + filled
    return start + words.length
  }

  #close(at: number, length: number): void {
    this.#bounds[2 * this.#count + 1] = at * 4 + length
    this.#count += 1
    this.#used = at + ((length + 3) >>> 2)
  }
}
