import { crc32 } from 'node:zlib'

/** The CRC-32 of lines with a separator between them, from that of each line: to compare them all by one sum. */
export class JoinedChecksums {
  #sum = 0
  #isFirst = true
  readonly #between: number
  readonly #separatorLength: number

  /** @param key - The sum that each line's was begun with, and that the whole is begun with. */
  constructor(key: number, separator: string) {
    this.#between = crc32(separator) ^ key
    this.#separatorLength = separator.length
  }

  /** @param sum - Of the line, begun with the key. @param length - Of the line, in bytes. */
  add(sum: number, length: number): void {
    // That of a text is that of its beginning, moved on by the length of the rest, and that of the rest. The key
    // stands in the sum of the line as well, and is taken out of it.
    const before = this.#isFirst ? 0 : moved(this.#sum, this.#separatorLength) ^ this.#between
    this.#sum = this.#isFirst ? sum : moved(before, length) ^ sum
    this.#isFirst = false
  }

  get sum(): number {
    return this.#sum >>> 0
  }
}

/** Lengths up to this one have tables, made when they are needed: 4 kilobytes each. */
const longestTable = 512
const tables: (Int32Array | undefined)[] = []

/** A sum after so many bytes of zero: by its four bytes apart, for the operation is linear. */
function moved(sum: number, length: number): number {
  if (length > longestTable) return product(power(length), sum)
  const table = tables[length] ?? tableOf(length)
  return (
    (table[sum & 255] as number) ^
    (table[256 + ((sum >>> 8) & 255)] as number) ^
    (table[512 + ((sum >>> 16) & 255)] as number) ^
    (table[768 + (sum >>> 24)] as number)
  )
}

function tableOf(length: number): Int32Array {
  const factor = power(length)
  const table = new Int32Array(1_024)
  for (let bit = 0; bit < 32; bit++) {
    const first = (bit >>> 3) * 256 + (1 << (bit & 7))
    table[first] = product(factor, 1 << bit)
    for (let n = 1; n < 1 << (bit & 7); n++)
      table[first + n] = (table[first] as number) ^ (table[first - (1 << (bit & 7)) + n] as number)
  }
  tables[length] = table
  return table
}

/** The polynomial of CRC-32 with its bits in reverse, as zlib has it. */
const polynomial = 0xedb88320 | 0

/** The product of two polynomials, modulo that of CRC-32; the first coefficient stands in the highest bit. */
function product(one: number, other: number): number {
  let sum = 0
  let factor = other
  for (let bit = 31; bit >= 0; bit--) {
    if (((one >>> bit) & 1) === 1) sum ^= factor
    factor = (factor & 1) === 1 ? (factor >>> 1) ^ polynomial : factor >>> 1
  }
  return sum
}

/** `x` to the power of eight times `bytes`. */
function power(bytes: number): number {
  let result = 1 << 31
  let square = 1 << 23
  for (let left = bytes; left > 0; left >>>= 1) {
    if ((left & 1) === 1) result = product(square, result)
    square = product(square, square)
  }
  return result
}
