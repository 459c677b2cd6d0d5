/** The tables that keep records. Links join a group and a member; rows are assignments. */
export type RecordKind = 'memberships' | 'resources' | 'groups' | 'links' | 'rows'

/** No entry: not found, no parent, the end of a chain. */
export const none = -1

/** The words of each record by name. What a check reads comes first. */
export const membershipWord = { text: 0, state: 1, firstRow: 2, firstLink: 3, role: 4 } as const
export const resourceWord = {
  parent: 0,
  kind: 1,
  firstChild: 2,
  next: 3,
  previous: 4,
  firstRow: 5,
  text: 6,
} as const
export const groupWord = { firstRow: 0, firstLink: 1 } as const
export const linkWord = { group: 0, nextOfMembership: 1, membership: 2, nextOfGroup: 3 } as const
export const rowWord = { resource: 0, role: 1, nextOfHolder: 2, holder: 3, nextOnResource: 4 } as const

export const membershipWords = 5
export const resourceWords = 7
export const groupWords = 2
export const linkWords = 4
export const rowWords = 5

const wordsOf: Readonly<Record<RecordKind, number>> = {
  memberships: membershipWords,
  resources: resourceWords,
  groups: groupWords,
  links: linkWords,
  rows: rowWords,
}
const kinds = Object.keys(wordsOf) as readonly RecordKind[]

/** How the records of one table are given out. */
interface Supply {
  capacity: number
  used: number
  live: number
  firstFree: number
}

/**
 * The records of one organization: the numbers of all tables in one array. A check goes from table to table, and
 * with an array for each it waited for memory at every step; here it meets one object, and the records themselves.
 * Entries count from 0 in each table, and are used again after a removal.
 */
export class Records {
  words: Int32Array<ArrayBuffer> = new Int32Array(0)
  /** Where the records of each table begin. */
  memberships = 0
  resources = 0
  groups = 0
  links = 0
  rows = 0
  /** Whether any holder has so many rows that they are found by resource; see the row table. */
  anyCrowded = false
  readonly #supplies: Readonly<Record<RecordKind, Supply>> = {
    memberships: emptySupply(),
    resources: emptySupply(),
    groups: emptySupply(),
    links: emptySupply(),
    rows: emptySupply(),
  }

  get bytes(): number {
    return this.words.byteLength
  }

  /** How many records of a table are in use. */
  count(kind: RecordKind): number {
    return this.#supplies[kind].live
  }

  /** How the organization-level role of a membership is told: see the membership table. */
  roleWordOf(membership: number): number {
    return this.words[this.memberships + membership * membershipWords + 4] as number
  }

  parentOf(resource: number): number {
    return this.words[this.resources + resource * resourceWords] as number
  }

  /** The first assignment of a membership. */
  firstRowOf(membership: number): number {
    return this.words[this.memberships + membership * membershipWords + 2] as number
  }

  /** The link of a membership to the first of its groups. */
  firstLinkOf(membership: number): number {
    return this.words[this.memberships + membership * membershipWords + 3] as number
  }

  groupOf(link: number): number {
    return this.words[this.links + link * linkWords] as number
  }

  /** The link of the same membership to its next group. */
  nextLink(link: number): number {
    return this.words[this.links + link * linkWords + 1] as number
  }

  firstRowOfGroup(group: number): number {
    return this.words[this.groups + group * groupWords] as number
  }

  resourceOf(row: number): number {
    return this.words[this.rows + row * rowWords] as number
  }

  roleOf(row: number): number {
    return this.words[this.rows + row * rowWords + 1] as number
  }

  /** The next assignment of the same holder. */
  nextRow(row: number): number {
    return this.words[this.rows + row * rowWords + 2] as number
  }

  /** An entry for a new record, all of whose words are yet to be written. */
  take(kind: RecordKind): number {
    const supply = this.#supplies[kind]
    supply.live += 1
    const free = supply.firstFree
    if (free !== none) {
      supply.firstFree = this.words[this[kind] + free * wordsOf[kind]] as number
      return free
    }
    if (supply.used === supply.capacity) this.reserve({ [kind]: Math.max(4, supply.capacity * 2) })
    return supply.used++
  }

  /** Give an entry back. Its first word is no longer its own. */
  give(kind: RecordKind, entry: number): void {
    const supply = this.#supplies[kind]
    this.words[this[kind] + entry * wordsOf[kind]] = supply.firstFree
    supply.firstFree = entry
    supply.live -= 1
  }

  /** Have room for so many records of each table named, the others as they are. Never gives room back. */
  reserve(counts: Partial<Readonly<Record<RecordKind, number>>>): void {
    let length = 0
    for (const kind of kinds)
      length += Math.max(counts[kind] ?? 0, this.#supplies[kind].capacity) * wordsOf[kind]
    const words = new Int32Array(length)
    let at = 0
    for (const kind of kinds) {
      const supply = this.#supplies[kind]
      words.set(this.words.subarray(this[kind], this[kind] + supply.used * wordsOf[kind]), at)
      this[kind] = at
      supply.capacity = Math.max(counts[kind] ?? 0, supply.capacity)
      at += supply.capacity * wordsOf[kind]
    }
    this.words = words
  }
}

function emptySupply(): Supply {
  return { capacity: 0, used: 0, live: 0, firstFree: none }
}
