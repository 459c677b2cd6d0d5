import { EntryBits } from '../graph/entry-bits.js'
import type { OrderedEntries } from '../graph/ordered-ids.js'
import { type IdOrder, sideOf, type Window } from './window.js'

/** Which entries were added. One for all: a list never waits. */
const added = new EntryBits(0)

/** So many entries are looked through at once for whoever goes on through a list. */
const mostAtOnce = 4_096

/** What is picked, until it is known how much that is. */
let picked = new Int32Array(1_024)

/** What entries are picked out of. */
export interface Pool {
  /** All entries that may come are below it. */
  readonly bound: number
  /** All entries that may come, in order, where they are known. */
  readonly ordered: OrderedEntries | undefined
}

/** Entries that were reached, and where they are told to be below one another. */
export interface Reached {
  readonly set: EntryBits
  readonly tree: { parent(entry: number): number }
}

/**
 * Picks out of entries that come in any order those nearest to a window's place: as many as the window takes, and
 * one more to know whether there are more.
 */
export class Nearest {
  #kept: number[] = []
  /** The farthest that may still be among them, once there have been enough. */
  #farthest: number | undefined
  #hasDropped = false
  #hasSets = false
  #reached: Reached | undefined
  readonly #most: number
  readonly #sign: 1 | -1
  readonly #side: ((entry: number) => number) | undefined
  readonly #ordered: OrderedEntries | undefined

  /** @param pool - Without one, nobody can ask what has been added. */
  constructor(
    private readonly order: IdOrder,
    { limit, direction, from }: Window,
    private readonly pool?: Pool,
  ) {
    if (pool !== undefined) added.clear(pool.bound)
    this.#ordered = pool?.ordered
    this.#most = limit + 1
    this.#sign = direction === 'forward' ? 1 : -1
    this.#side = from && sideOf(order, from)
  }

  clear(): void {
    this.#kept = []
    this.#farthest = undefined
    this.#hasDropped = false
    this.#hasSets = false
    this.#reached = undefined
    if (this.pool !== undefined) added.clear(this.pool.bound)
  }

  /** Whether an entry has been added. */
  has(entry: number): boolean {
    return added.has(entry)
  }

  /** Whether an entry would be kept: worth asking before it is looked at more closely. */
  wants(entry: number): boolean {
    if (this.#side !== undefined && this.#side(entry) * this.#sign < 0) return false
    return this.#farthest === undefined || this.#compare(entry, this.#farthest) < 0
  }

  /** Keep an entry that is wanted and has not been added before. */
  add(entry: number): void {
    this.#kept.push(entry)
    if (this.pool !== undefined) added.add(entry)
    // Sorted now and then: what comes from a chain is mostly in order already, if the wrong way round.
    if (this.#kept.length === 4 * this.#most && this.#isSparse()) this.#prune()
  }

  /** Keep every entry of a set, as far as it is wanted. The order of all must be known. */
  addAll(entries: EntryBits): void {
    added.addAll(entries)
    this.#hasSets = true
  }

  /** Keep what is in a set, or whose parent is, instead of what was added. The order of all must be known. */
  keepBelow(reached: Reached): void {
    this.#reached = reached
    this.#hasSets = true
  }

  /** Whether everything that was offered from the beginning on is still there. */
  get isWhole(): boolean {
    if (this.#side !== undefined || this.#hasDropped) return false
    return !this.#hasSets || (this.#ordered as OrderedEntries).length <= mostAtOnce
  }

  /** What was kept, nearest first: as many as the window takes and one more, and all where that costs no more. */
  sorted(): readonly number[] {
    if (this.#hasSets || (this.#farthest === undefined && !this.#isSparse())) return this.#pickOut()
    this.#kept.sort((one, other) => this.#compare(one, other))
    return this.#kept
  }

  /**
   * Add what passes of entries that are in order, as far as they are wanted.
   *
   * @returns how many of the steps are left, and less than 0 when they were too few.
   */
  addOrdered(entries: OrderedEntries, steps: number, passes: (entry: number) => boolean): number {
    let position = this.#start(entries)
    let left = steps
    for (let passed = 0; position >= 0 && position < entries.length; position += this.#sign) {
      const entry = entries.at(position)
      // The farther ones are wanted even less.
      if (passed === this.#most || !this.wants(entry)) {
        this.#hasDropped = true
        break
      }
      if (--left < 0) return left
      if (!passes(entry)) continue
      this.add(entry)
      passed += 1
    }
    return left
  }

  /** Whether so few of all were kept that sorting them costs less than going through all. */
  #isSparse(): boolean {
    return this.#ordered === undefined || this.#ordered.length > 16 * this.#kept.length
  }

  /** Those that were added, in the order in which all of them are: nothing has to be compared. */
  #pickOut(): readonly number[] {
    const ordered = this.#ordered as OrderedEntries
    const { entries, length } = ordered
    const most = !this.isWhole ? this.#most : this.#hasSets ? length : this.#kept.length
    if (most >= picked.length) picked = new Int32Array(2 * most)
    const into = picked
    const sign = this.#sign
    const reached = this.#reached
    let count = 0
    for (
      let position = this.#start(ordered);
      count < most && position >= 0 && position < length;
      position += sign
    ) {
      const entry = entries[position] as number
      // Without a branch, which nobody could foretell: half of them, say, are in the list.
      into[count] = entry
      count +=
        reached === undefined
          ? added.bit(entry)
          : reached.set.bit(entry) | reached.set.bit(reached.tree.parent(entry))
    }
    const found = new Array<number>(count)
    for (let n = 0; n < count; n++) found[n] = into[n] as number
    return found
  }

  #start(entries: OrderedEntries): number {
    if (this.#side === undefined) return this.#sign > 0 ? 0 : entries.length - 1
    const next = entries.position(this.#side)
    return this.#sign > 0 ? next : next - 1
  }

  #prune(): void {
    this.#kept.sort((one, other) => this.#compare(one, other))
    this.#kept.length = this.#most
    this.#hasDropped = true
    this.#farthest = this.#kept.at(-1)
  }

  #compare(one: number, other: number): number {
    return this.order.compare(one, other) * this.#sign
  }
}
