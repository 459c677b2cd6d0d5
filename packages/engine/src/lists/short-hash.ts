/** 64 bits in two halves. */
export interface ShortHash {
  readonly one: number
  readonly other: number
}

const start: ShortHash = { one: 0x9e3779b1, other: 0x85ebca77 }

/**
 * Hash a text (after MurmurHash3), four characters at a time: a list may be asked for many thousand times a second, and
 * whoever forges a cursor only looks at his own list from another place.
 *
 * @param before - What comes before the text.
 */
export function shortHash(text: string, before: ShortHash = start): ShortHash {
  const { length } = text
  let { one, other } = before
  const whole = length & -4
  for (let i = 0; i < whole; i += 4) {
    const code =
      text.charCodeAt(i) |
      (text.charCodeAt(i + 1) << 8) |
      (text.charCodeAt(i + 2) << 16) |
      (text.charCodeAt(i + 3) << 24)
    one = Math.imul(one ^ code, 0x85ebca6b)
    one = (one << 13) | (one >>> 19)
    other = Math.imul(other ^ code, 0xc2b2ae35)
    other = (other << 15) | (other >>> 17)
  }
  let rest = 0
  for (let i = whole; i < length; i++) rest = (rest << 8) | text.charCodeAt(i)
  one = Math.imul(one ^ rest, 0x85ebca6b)
  other = Math.imul(other ^ rest, 0xc2b2ae35)
  // The length as well: a last character that is missing reads like one of 0.
  one = Math.imul(one ^ length ^ (other >>> 16), 0xc2b2ae35)
  other = Math.imul(other ^ (one >>> 13), 0x85ebca6b)
  return { one: one ^ (one >>> 16), other: other ^ (other >>> 16) }
}

const alphabet = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', 'latin1')

/** How many characters a hash takes as text. */
export const hashLength = 11

/** A hash in characters that URLs need not escape. */
export function hashText({ one, other }: ShortHash): string {
  // At once: a number as text in another base than ten is a call into the runtime.
  return String.fromCharCode(
    sixBits(one),
    sixBits(one >>> 6),
    sixBits(one >>> 12),
    sixBits(one >>> 18),
    sixBits(one >>> 24),
    sixBits((one >>> 30) | (other << 2)),
    sixBits(other >>> 4),
    sixBits(other >>> 10),
    sixBits(other >>> 16),
    sixBits(other >>> 22),
    sixBits(other >>> 28),
  )
}

function sixBits(bits: number): number {
  return alphabet[bits & 63] as number
}
