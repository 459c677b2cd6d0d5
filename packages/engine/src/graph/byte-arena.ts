import { randomBytes } from 'node:crypto'

// A seed of the process, so that nobody can choose external ids that all fall into one slot.
const seed = randomBytes(4).readInt32LE()

/**
 * Strings of printable ASCII, one after the other in one array of bytes outside the JavaScript heap: an id costs
 * its length, where a string in a `Map` costs 60 to 90 bytes more.
 */
export class ByteArena {
  #bytes: Buffer<ArrayBuffer> = Buffer.allocUnsafeSlow(64)
  #used = 0

  get bytes(): number {
    return this.#bytes.length
  }

  /** Append a string and return its offset. What is no longer used stays until the graph is built again. */
  add(text: string): number {
    const offset = this.#used
    const needed = offset + text.length
    if (needed > this.#bytes.length)
      this.#bytes = resized(this.#bytes, Math.max(needed, this.#bytes.length * 2))
    for (let i = 0; i < text.length; i++) this.#bytes[offset + i] = text.charCodeAt(i)
    this.#used += text.length
    return offset
  }

  read(offset: number, length: number): string {
    return this.#bytes.toString('latin1', offset, offset + length)
  }

  /** Whether the string lies at `offset`. From the end: ids of one kind begin alike. */
  equals(offset: number, length: number, text: string): boolean {
    if (length !== text.length) return false
    const bytes = this.#bytes
    for (let i = length - 1; i >= 0; i--) if (bytes[offset + i] !== text.charCodeAt(i)) return false
    return true
  }

  /** Order two strings, byte by byte. */
  compare(one: number, oneLength: number, other: number, otherLength: number): number {
    const bytes = this.#bytes
    const length = Math.min(oneLength, otherLength)
    for (let i = 0; i < length; i++) {
      const difference = (bytes[one + i] as number) - (bytes[other + i] as number)
      if (difference !== 0) return difference
    }
    return oneLength - otherLength
  }

  /** Order a string here against another one. */
  compareTo(offset: number, length: number, text: string): number {
    for (let i = 0; i < length && i < text.length; i++) {
      const difference = (this.#bytes[offset + i] as number) - text.charCodeAt(i)
      if (difference !== 0) return difference
    }
    return length - text.length
  }

  hashAt(offset: number, length: number, salt: number): number {
    const bytes = this.#bytes
    let hash = seed ^ salt
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ (bytes[offset + i] as number), 0x01000193)
    return finish(hash)
  }

  trim(): void {
    this.#bytes = resized(this.#bytes, Math.max(this.#used, 1))
  }
}

// Not from the shared pool: a slice of it would keep the whole of it.
function resized(bytes: Buffer, length: number): Buffer<ArrayBuffer> {
  const copy = Buffer.allocUnsafeSlow(length)
  bytes.copy(copy)
  return copy
}

/** The hash under which an arena's string is found. `salt` keeps apart equal strings of different kinds. */
export function hashOf(text: string, salt: number): number {
  let hash = seed ^ salt
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return finish(hash)
}

/** Spread the bits (the finish of MurmurHash3), since slots are chosen by the low ones. */
export function finish(hash: number): number {
  let mixed = hash ^ (hash >>> 16)
  mixed = Math.imul(mixed, 0x85ebca6b)
  mixed ^= mixed >>> 13
  mixed = Math.imul(mixed, 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
