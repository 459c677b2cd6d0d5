import { WantedText } from './wanted-text.js'

const text = new WantedText()

/** What texts stand for, for texts that come again and again: of each, one string is made. */
export class TextNumbers {
  readonly #known = new Map<
    number,
    { readonly bytes: Uint8Array; readonly from: number; readonly to: number; readonly number: number }
  >()

  constructor(private readonly numberOf: (text: string) => number) {}

  of(bytes: Uint8Array, from: number, to: number): number {
    const hash = text.readBytes(bytes, from, to, 0)
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
