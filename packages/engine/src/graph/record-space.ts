import { Stretch, Words } from './words.js'

/** The tables that keep records. Links join a group and a member; rows are assignments. */
export type RecordKind = 'memberships' | 'resources' | 'groups' | 'links' | 'rows'

/** No entry: not found, no parent, the end of a chain. */
export const none = -1

/** A stretch of one table: so many words of each of its records. The first one of a table holds no word twice. */
export interface RecordPart {
  readonly kind: RecordKind
  /** Where it is told that the stretch begins. */
  readonly start: RecordKind | 'moreOfResources' | 'moreOfLinks' | 'moreOfRows'
  readonly words: number
}

/** How the records of one table are given out. */
interface Supply {
  /** The words of each record in the first stretch of the table. */
  readonly words: number
  capacity: number
  used: number
  live: number
  firstFree: number
}

/** Room for the records of all tables. Entries count from 0 in each table, and are used again after a removal. */
export class RecordSpace extends Words {
  /** Where the records of each table begin, and where the rest of them does. */
  memberships = 0
  resources = 0
  groups = 0
  links = 0
  rows = 0
  moreOfResources = 0
  moreOfLinks = 0
  moreOfRows = 0
  readonly #supplies: Readonly<Record<RecordKind, Supply>>
  readonly #stretches: readonly (RecordPart & { readonly stretch: Stretch })[]

  constructor(parts: readonly RecordPart[]) {
    super()
    this.#supplies = {
      memberships: emptySupply(parts, 'memberships'),
      resources: emptySupply(parts, 'resources'),
      groups: emptySupply(parts, 'groups'),
      links: emptySupply(parts, 'links'),
      rows: emptySupply(parts, 'rows'),
    }
    this.#stretches = parts.map((part) => ({ ...part, stretch: new Stretch() }))
    for (const { stretch } of this.#stretches) this.claim(stretch, 0)
  }

  override resize(lengths: Iterable<readonly [Stretch, number]>): void {
    super.resize(lengths)
    for (const { start, stretch } of this.#stretches) this[start] = stretch.at
  }

  /** How many records of a table are in use. */
  count(kind: RecordKind): number {
    return this.#supplies[kind].live
  }

  /** A bound of the entries of a table: all that are in use are below it. */
  bound(kind: RecordKind): number {
    return this.#supplies[kind].used
  }

  /** An entry for a new record, all of whose words are yet to be written. */
  take(kind: RecordKind): number {
    const supply = this.#supplies[kind]
    supply.live += 1
    const free = supply.firstFree
    if (free !== none) {
      supply.firstFree = this.words[this[kind] + free * supply.words] as number
      return free
    }
    if (supply.used === supply.capacity) this.reserve({ [kind]: Math.max(4, supply.capacity * 2) })
    return supply.used++
  }

  /** Give an entry back. Its first word is no longer its own. */
  give(kind: RecordKind, entry: number): void {
    const supply = this.#supplies[kind]
    this.words[this[kind] + entry * supply.words] = supply.firstFree
    supply.firstFree = entry
    supply.live -= 1
  }

  /** Have room for so many records of each table named. Never gives room back. */
  reserve(counts: Partial<Readonly<Record<RecordKind, number>>>): void {
    this.resize(this.lengthsFor(counts))
  }

  /** The stretches of the tables named, and the lengths that they must have for so many records. */
  lengthsFor(counts: Partial<Readonly<Record<RecordKind, number>>>): (readonly [Stretch, number])[] {
    for (const kind of Object.keys(counts) as RecordKind[])
      this.#supplies[kind].capacity = Math.max(counts[kind] ?? 0, this.#supplies[kind].capacity)
    return this.#stretches.map(({ kind, words, stretch }) => [stretch, this.#supplies[kind].capacity * words])
  }
}

function emptySupply(parts: readonly RecordPart[], kind: RecordKind): Supply {
  const words = parts.find((part) => part.kind === kind)?.words ?? 0
  return { words, capacity: 0, used: 0, live: 0, firstFree: none }
}
