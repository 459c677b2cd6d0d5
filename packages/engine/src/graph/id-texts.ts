/** The entries of one piece: a power of two. */
const pieceBits = 7
const perPiece = 1 << pieceBits

/** So many entries of one piece must be asked for together for their strings to be kept. */
const worthwhile = 2

/** What is kept over all organizations, in bytes, about. */
const mostBytes = 32 * 2 ** 20

/** What is kept of a string beyond its characters, and its place in a piece. */
const perString = 32
const perPlace = 8

/** The words of the longest row: see `IdSource`. */
const mostWords = 48

/** Where ids come from. The ids of one entry are a row of characters: parts of fixed length, and a last one of any. */
export interface IdSource {
  /** The words of a row in front of its last part. */
  readonly fixedWords: number
  /** The length of the last part of a row, in characters. */
  lengthOf(entry: number): number
  /** Write a row from a word on, each part from a whole word on. Returns the word behind it. */
  write(entry: number, into: Int32Array, at: number): number
  /** How many strings a row is cut into. */
  readonly width: number
  /** Cut a row out of a text, and append its strings. @param length - Of its last part. */
  cut(text: string, start: number, length: number, into: string[]): void
}

/** The strings of entries that follow each other, as far as they have been asked for. */
type Piece = (string | undefined)[]

/** Where a piece stands, and what it takes. */
interface Keeping {
  readonly among: (Piece | undefined)[]
  readonly index: number
  bytes: number
}

/** All pieces, the oldest first. They refer to no graph: what is let go is forgotten here later. */
const kept = new Map<Piece, Keeping>()
let keptBytes = 0

/** One for all: what is written here is made a string at once. */
let sheet = new Int32Array(8_192)
let bytes = Buffer.from(sheet.buffer)

/**
 * Ids as strings. They are kept as bytes, and making each a string of its own is a call into the runtime that costs
 * more than finding it did. So many are made at once and cut; and those that lists ask for together are kept for a
 * while, up to a bound over all organizations, so that going through the same lists again costs nothing of it.
 */
export class IdTexts {
  readonly #pieces: (Piece | undefined)[] = []

  constructor(private readonly source: IdSource) {}

  /**
   * Make items of some entries, in their order.
   *
   * @param make - Makes an item of the strings of an entry. It is told where they begin.
   */
  items<Item>(entries: readonly number[], make: (strings: readonly string[], at: number) => Item): Item[] {
    const { width } = this.source
    const count = entries.length
    const items = new Array<Item>(count)
    /** The places of those in no piece. */
    const apart: number[] = []
    for (let n = 0; n < count; ) {
      const index = (entries[n] as number) >>> pieceBits
      let end = n + 1
      while (end < count && (entries[end] as number) >>> pieceBits === index) end++
      const piece = this.#pieces[index] ?? (end - n < worthwhile ? undefined : this.#begin(index))
      for (; n < end; n++) {
        if (piece === undefined) {
          apart.push(n)
          continue
        }
        const at = this.#placeOf(entries[n] as number)
        if (piece[at] === undefined) this.#fill(piece, entries.slice(n, end))
        items[n] = make(piece as readonly string[], at)
      }
    }
    if (apart.length === 0) return items
    const strings = this.strings(apart.map((n) => entries[n] as number))
    for (const [each, n] of apart.entries()) items[n] = make(strings, each * width)
    return items
  }

  /** The strings of some entries, one behind the other, made now and not kept. */
  strings(entries: readonly number[]): readonly string[] {
    const strings: string[] = []
    if (entries.length === 0) return strings
    const { source } = this
    makeRoom(entries.length)
    const starts: number[] = []
    let used = 0
    for (const entry of entries) {
      starts.push(used * 4)
      used = source.write(entry, sheet, used)
    }
    const text = bytes.toString('latin1', 0, used * 4)
    for (let n = 0; n < entries.length; n++) {
      const length = source.lengthOf(entries[n] as number)
      source.cut(text, starts[n] as number, length, strings)
    }
    return strings
  }

  /** To be called when an entry has got other ids. */
  forget(entry: number): void {
    const piece = this.#pieces[entry >>> pieceBits]
    if (piece?.[this.#placeOf(entry)] !== undefined) drop(piece)
  }

  #begin(index: number): Piece {
    const places = perPiece * this.source.width
    // Filled up, since an array with far places alone becomes a map.
    while (this.#pieces.length <= index) this.#pieces.push(undefined)
    const piece = new Array<string | undefined>(places).fill(undefined)
    this.#pieces[index] = piece
    kept.set(piece, { among: this.#pieces, index, bytes: 0 })
    weigh(piece, places * perPlace)
    return piece
  }

  /** Put into a piece what it does not have of some of its entries. */
  #fill(piece: Piece, entries: readonly number[]): void {
    const { width } = this.source
    const missing = entries.filter((entry) => piece[this.#placeOf(entry)] === undefined)
    const made = this.strings(missing)
    for (const [n, entry] of missing.entries()) {
      const at = this.#placeOf(entry)
      for (let each = 0; each < width; each++) piece[at + each] = made[n * width + each]
    }
    const characters = missing.reduce((sum, entry) => sum + this.#characters(entry), 0)
    weigh(piece, characters + made.length * perString)
  }

  /** Where the strings of an entry begin in its piece. */
  #placeOf(entry: number): number {
    return (entry & (perPiece - 1)) * this.source.width
  }

  /** What a row takes. */
  #characters(entry: number): number {
    return (this.source.fixedWords + wholeWords(this.source.lengthOf(entry))) * 4
  }
}

function wholeWords(length: number): number {
  return (length + 3) >>> 2
}

function makeRoom(entries: number): void {
  if (sheet.length >= entries * mostWords) return
  sheet = new Int32Array(2 * entries * mostWords)
  bytes = Buffer.from(sheet.buffer)
}

/** The fixed part that a row begins with, as words: filled up in front, so that what follows begins at a whole word. */
export function inWords(text: string): Int32Array {
  const padded = Buffer.from(text.padStart(wholeWords(text.length) * 4), 'latin1')
  return Int32Array.from({ length: padded.length / 4 }, (_, word) => padded.readInt32LE(word * 4))
}

/** Count what a piece takes more, unless it has been let go meanwhile. The oldest are let go for it. */
function weigh(piece: Piece, more: number): void {
  const keeping = kept.get(piece)
  if (keeping === undefined) return
  keeping.bytes += more
  keptBytes += more
  for (const oldest of kept.keys()) {
    if (keptBytes <= mostBytes) return
    drop(oldest)
  }
}

function drop(piece: Piece): void {
  const keeping = kept.get(piece)
  if (keeping === undefined) return
  keeping.among[keeping.index] = undefined
  kept.delete(piece)
  keptBytes -= keeping.bytes
}
