const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const values = new Int8Array(128).fill(-1)
const codes = Uint8Array.from(alphabet, (character) => character.charCodeAt(0))
for (const [value, code] of codes.entries()) values[code] = value
/** Two characters by their ten bits, the first one in the low byte: it comes first in memory. */
const pairs = Uint16Array.from(
  { length: 1_024 },
  (_, bits) => (codes[bits >>> 5] as number) | ((codes[bits & 31] as number) << 8),
)

/** The last ULID that was parsed, as four words of 32 bits, the first the most significant. */
export const parsed: Uint32Array = new Uint32Array(4)

/**
 * Read the 26 characters of a ULID from `start` to the end of `text` into `parsed`: 16 bytes, where the
 * characters take 26. Returns whether it was one.
 */
export function parseUlid(text: string, start: number): boolean {
  if (text.length !== start + 26) return false
  // 130 bits in 26 characters, 30 of them at a time; the first character holds three, so that 128 remain.
  const one = readSix(text, start)
  const two = readSix(text, start + 6)
  const three = readSix(text, start + 12)
  const four = readSix(text, start + 18)
  const five = readFive(text, start + 24)
  const six = readFive(text, start + 25)
  return pack(one, two, three, four, five, six)
}

/** Put 130 bits into `parsed`, the first two of which are zero in a ULID. */
function pack(one: number, two: number, three: number, four: number, five: number, six: number): boolean {
  if ((one | two | three | four | five | six) < 0 || one >= 2 ** 28) return false
  parsed[0] = (one << 4) | (two >>> 26)
  parsed[1] = (two << 6) | (three >>> 24)
  parsed[2] = (three << 8) | (four >>> 22)
  parsed[3] = (four << 10) | (five << 5) | six
  return true
}

/** The 30 bits of six characters, or a negative number when one of them is none of ours. */
function readSix(text: string, at: number): number {
  const a = readFive(text, at)
  const b = readFive(text, at + 1)
  const c = readFive(text, at + 2)
  const d = readFive(text, at + 3)
  const e = readFive(text, at + 4)
  const f = readFive(text, at + 5)
  return (a | b | c | d | e | f) < 0 ? -1 : (a << 25) | (b << 20) | (c << 15) | (d << 10) | (e << 5) | f
}

function readFive(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code < 128 ? (values[code] as number) : -1
}

/** As `parseUlid`, from bytes of which there are 26 at least. */
export function parseUlidBytes(bytes: Uint8Array, start: number): boolean {
  const one = sixAt(bytes, start)
  const two = sixAt(bytes, start + 6)
  const three = sixAt(bytes, start + 12)
  const four = sixAt(bytes, start + 18)
  const five = fiveAt(bytes, start + 24)
  const six = fiveAt(bytes, start + 25)
  return pack(one, two, three, four, five, six)
}

function sixAt(bytes: Uint8Array, at: number): number {
  const a = fiveAt(bytes, at)
  const b = fiveAt(bytes, at + 1)
  const c = fiveAt(bytes, at + 2)
  const d = fiveAt(bytes, at + 3)
  const e = fiveAt(bytes, at + 4)
  const f = fiveAt(bytes, at + 5)
  return (a | b | c | d | e | f) < 0 ? -1 : (a << 25) | (b << 20) | (c << 15) | (d << 10) | (e << 5) | f
}

function fiveAt(bytes: Uint8Array, at: number): number {
  const code = bytes[at] as number
  return code < 128 ? (values[code] as number) : -1
}

/** Four words as text. */
export function formatUlid(words: Uint32Array, at: number): string {
  writeUlid(words, at, alone, 0)
  return aloneBytes.toString('latin1', 0, 26)
}

const alone = new Int32Array(7)
const aloneBytes = Buffer.from(alone.buffer)

/**
 * Write four words as the 26 characters of a ULID, four of them a word, and two more.
 *
 * @param start - The word where they begin.
 */
export function writeUlid(words: Uint32Array, at: number, into: Int32Array, start: number): void {
  // Written out, ten bits at a time: in a loop each step would wait for the one before. The first has eight.
  const a = words[at] as number
  const b = words[at + 1] as number
  const c = words[at + 2] as number
  const d = words[at + 3] as number
  into[start] = pair(a >>> 24) | (pair((a >>> 14) & 1_023) << 16)
  into[start + 1] = pair((a >>> 4) & 1_023) | (pair(((a << 6) | (b >>> 26)) & 1_023) << 16)
  into[start + 2] = pair((b >>> 16) & 1_023) | (pair((b >>> 6) & 1_023) << 16)
  into[start + 3] = pair(((b << 4) | (c >>> 28)) & 1_023) | (pair((c >>> 18) & 1_023) << 16)
  into[start + 4] = pair((c >>> 8) & 1_023) | (pair(((c << 2) | (d >>> 30)) & 1_023) << 16)
  into[start + 5] = pair((d >>> 20) & 1_023) | (pair((d >>> 10) & 1_023) << 16)
  into[start + 6] = pair(d & 1_023)
}

/** Two characters by their ten bits. */
function pair(bits: number): number {
  return pairs[bits] as number
}

/** Compare two ULIDs by time and then by chance, as their characters compare. */
export function compareUlids(words: Uint32Array, one: number, other: number): number {
  for (let i = 0; i < 4; i++) {
    const difference = (words[one + i] as number) - (words[other + i] as number)
    if (difference !== 0) return difference
  }
  return 0
}
