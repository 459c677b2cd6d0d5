const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const values = new Int8Array(128).fill(-1)
const codes = Uint8Array.from(alphabet, (character) => character.charCodeAt(0))
for (const [value, code] of codes.entries()) values[code] = value

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

/**
 * Four words as text.
 *
 * @param into - Bytes that end in room for 26 characters; what stands before them comes before the ULID.
 */
export function formatUlid(words: Uint32Array, at: number, into: Buffer = alone): string {
  // From the right, five bits at a time; as bytes first, since a string that grows by a character is made 26 times.
  let a = words[at] as number
  let b = words[at + 1] as number
  let c = words[at + 2] as number
  let d = words[at + 3] as number
  for (let i = into.length - 1; i >= into.length - 26; i--) {
    into[i] = codes[d & 31] as number
    d = (d >>> 5) | (c << 27)
    c = (c >>> 5) | (b << 27)
    b = (b >>> 5) | (a << 27)
    a >>>= 5
  }
  return into.toString('latin1')
}

const alone = Buffer.alloc(26)

/** Compare two ULIDs by time and then by chance, as their characters compare. */
export function compareUlids(words: Uint32Array, one: number, other: number): number {
  for (let i = 0; i < 4; i++) {
    const difference = (words[one + i] as number) - (words[other + i] as number)
    if (difference !== 0) return difference
  }
  return 0
}
