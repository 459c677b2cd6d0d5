const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const values = new Int8Array(128).fill(-1)
for (let i = 0; i < 32; i++) values[alphabet.charCodeAt(i)] = i

/** The last ULID that was parsed, as four words of 32 bits, the first the most significant. */
export const parsed: Uint32Array = new Uint32Array(4)

/**
 * Read the 26 characters of a ULID from `start` to the end of `text` into `parsed`: 16 bytes, where the
 * characters take 26. Returns whether it was one.
 */
export function parseUlid(text: string, start: number): boolean {
  if (text.length !== start + 26) return false
  // 130 bits in 26 characters; the first holds three, so that 128 remain. Words are filled from the left.
  let word = 0
  let bits = 0
  let index = 0
  for (let i = 0; i < 26; i++) {
    const code = text.charCodeAt(start + i)
    const value = code < 128 ? (values[code] as number) : -1
    if (value < 0 || (i === 0 && value > 7)) return false
    const width = i === 0 ? 3 : 5
    const room = 32 - bits
    if (width <= room) {
      word = (word << width) | value
      bits += width
    } else {
      const over = width - room
      word = (word << room) | (value >>> over)
      parsed[index++] = word
      word = value & ((1 << over) - 1)
      bits = over
    }
    if (bits === 32) {
      parsed[index++] = word
      word = 0
      bits = 0
    }
  }
  return true
}

/** The 26 characters of four words. */
export function formatUlid(words: Uint32Array, at: number): string {
  let text = ''
  let position = 0
  for (let i = 0; i < 26; i++) {
    const width = i === 0 ? 3 : 5
    text += alphabet[bitsAt(words, at, position, width)]
    position += width
  }
  return text
}

/** Compare two ULIDs by time and then by chance, as their characters compare. */
export function compareUlids(words: Uint32Array, one: number, other: number): number {
  for (let i = 0; i < 4; i++) {
    const difference = (words[one + i] as number) - (words[other + i] as number)
    if (difference !== 0) return difference
  }
  return 0
}

function bitsAt(words: Uint32Array, at: number, position: number, width: number): number {
  const index = at + (position >>> 5)
  const offset = position & 31
  const room = 32 - offset
  const word = words[index] as number
  if (width <= room) return (word >>> (room - width)) & ((1 << width) - 1)
  const over = width - room
  return ((word & ((1 << room) - 1)) << over) | ((words[index + 1] as number) >>> (32 - over))
}
