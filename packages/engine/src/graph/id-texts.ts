/** The entries of one piece: a power of two. */
const pieceBits = 5
const perPiece = 1 << pieceBits

/** So many entries of one piece must be asked for together for the piece to be made and kept. */
const worthwhile = 8

/** What is kept over all organizations, in characters of one byte each. */
const mostCharacters = 16 * 2 ** 20

/** The words of the longest row: see `IdSource`. */
const mostWords = 48

/** Where ids come from. The ids of one entry are a row of characters: parts of fixed length, and a last one of any. */
export interface IdSource {
  /** The words of a row in front of its last part. */
  readonly fixedWords: number
  /** All entries are below it. */
  bound(): number
  /** The length of the last part of a row, in characters. */
  lengthOf(entry: number): number
  /** Write a row from a word on, each part from a whole word on. Returns the word behind it. */
  write(entry: number, into: Int32Array, at: number): number
}

/** The rows of entries that follow each other, each as long as the longest. */
interface Piece {
  readonly text: string
  readonly stride: number
  /** Of the last part of each row, or -1 where they differ. */
  readonly length: number
  readonly among: Map<number, Piece>
  readonly index: number
}

/** All pieces, the oldest first. They refer to no graph: what is let go is forgotten here later. */
const kept = new Set<Piece>()
let characters = 0

/** One for all: what is written here is made a string at once. */
let sheet = new Int32Array(8_192)
let bytes = Buffer.from(sheet.buffer)

/**
 * Ids as strings. They are kept as bytes, and making each a string of its own is a call into the runtime that costs
 * more than finding it did. So many are made at once and cut; and those that lists ask for together are kept for a
 * while, up to a bound over all organizations, so that going through the same lists again costs the cuts alone.
 */
export class IdTexts {
  readonly #pieces = new Map<number, Piece>()

  constructor(private readonly source: IdSource) {}

  /**
   * Make items of some entries, in their order.
   *
   * @param cut - Makes an item of the row in a text. It is told where the row begins, and how long its last part is.
   */
  items<Item>(
    entries: readonly number[],
    cut: (text: string, start: number, length: number) => Item,
  ): Item[] {
    const { source } = this
    const count = entries.length
    const items = new Array<Item>(count)
    /** Those in no piece: the place among the items, and where the row begins. */
    const apart: number[] = []
    makeRoom(count)
    let used = 0
    let index = -1
    let piece: Piece | undefined
    for (let n = 0; n < count; n++) {
      const entry = entries[n] as number
      if (entry >>> pieceBits !== index) {
        index = entry >>> pieceBits
        piece = this.#pieces.get(index) ?? (isWorthwhile(entries, n) ? this.#make(index, used) : undefined)
      }
      if (piece === undefined) {
        apart.push(n, used * 4)
        used = source.write(entry, sheet, used)
      } else {
        const length = piece.length < 0 ? source.lengthOf(entry) : piece.length
        items[n] = cut(piece.text, (entry & (perPiece - 1)) * piece.stride, length)
      }
    }
    if (used === 0) return items
    const text = bytes.toString('latin1', 0, used * 4)
    for (let each = 0; each < apart.length; each += 2) {
      const n = apart[each] as number
      items[n] = cut(text, apart[each + 1] as number, source.lengthOf(entries[n] as number))
    }
    return items
  }

  /** To be called when an entry has got other ids. */
  forget(entry: number): void {
    if (this.#pieces.size === 0) return
    const piece = this.#pieces.get(entry >>> pieceBits)
    if (piece !== undefined) drop(piece)
  }

  /** @param used - How many words of the sheet are taken. */
  #make(index: number, used: number): Piece {
    const { source } = this
    const first = index * perPiece
    const end = Math.min(first + perPiece, source.bound())
    let shortest = Number.POSITIVE_INFINITY
    let longest = 0
    for (let entry = first; entry < end; entry++) {
      const length = source.lengthOf(entry)
      shortest = Math.min(length, shortest)
      longest = Math.max(length, longest)
    }
    const stride = source.fixedWords + ((longest + 3) >>> 2)
    for (let entry = first; entry < end; entry++) source.write(entry, sheet, used + (entry - first) * stride)
    const text = bytes.toString('latin1', used * 4, (used + (end - first) * stride) * 4)
    const length = shortest === longest ? longest : -1
    const piece = { text, stride: stride * 4, length, among: this.#pieces, index }
    keep(piece)
    return piece
  }
}

/** Whether so many entries from the `n`th on stand in one piece: entries in order stand together. */
function isWorthwhile(entries: readonly number[], n: number): boolean {
  const last = entries[n + worthwhile - 1]
  return last !== undefined && last >>> pieceBits === (entries[n] as number) >>> pieceBits
}

function makeRoom(entries: number): void {
  if (sheet.length >= (entries + perPiece) * mostWords) return
  sheet = new Int32Array(2 * (entries + perPiece) * mostWords)
  bytes = Buffer.from(sheet.buffer)
}

/** The fixed part that a row begins with, as words: filled up in front, so that what follows begins at a whole word. */
export function inWords(text: string): Int32Array {
  const padded = Buffer.from(text.padStart((text.length + 3) & ~3), 'latin1')
  return Int32Array.from({ length: padded.length / 4 }, (_, word) => padded.readInt32LE(word * 4))
}

function keep(piece: Piece): void {
  piece.among.set(piece.index, piece)
  kept.add(piece)
  characters += piece.text.length
  for (const oldest of kept) {
    if (characters <= mostCharacters) return
    drop(oldest)
  }
}

function drop(piece: Piece): void {
  piece.among.delete(piece.index)
  kept.delete(piece)
  characters -= piece.text.length
}
