/** What texts stand for, for texts that come again and again: of each, one string is made. */
export class TextNumbers {
  readonly #known = new Map<
    number,
    { readonly bytes: Uint8Array; readonly from: number; readonly to: number; readonly number: number }
  >()

  constructor(private readonly numberOf: (text: string) => number) {}

  of(bytes: Uint8Array, from: number, to: number): number {
    const hash = hashOf(bytes, from, to)
    const known = this.#known.get(hash)
    if (known !== undefined && isEqual(known, bytes, from, to)) return known.number
    const number = this.numberOf(textOf(bytes, from, to))
    this.#known.set(hash, { bytes, from, to, number })
    return number
  }
}

/** A string of ASCII that stands in bytes. */
export function textOf(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
}

/**
 * Of four bytes at the beginning and eight at the end: ids differ at their end, and what differs elsewhere alone is
 * only made into a string again.
 */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = to - from
  if (hash < 12) {
    for (let n = from; n < to; n++) hash = Math.imul(hash, 31) + (bytes[n] as number)
    return hash | 0
  }
  hash = Math.imul(hash ^ fourAt(bytes, from), 0x85ebca6b)
  hash = Math.imul(hash ^ fourAt(bytes, to - 8) ^ (hash >>> 15), 0x85ebca6b)
  return hash ^ fourAt(bytes, to - 4)
}

function fourAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  )
}

function isEqual(
  known: { readonly bytes: Uint8Array; readonly from: number; readonly to: number },
  bytes: Uint8Array,
  from: number,
  to: number,
): boolean {
  if (known.to - known.from !== to - from) return false
  for (let n = to - from - 1; n >= 0; n--) if (known.bytes[known.from + n] !== bytes[from + n]) return false
  return true
}
