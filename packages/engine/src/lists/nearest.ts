import type { OrderedEntries } from '../graph/ordered-ids.js'
import { Marks } from './marks.js'
import { type IdOrder, sideOf, type Window } from './window.js'

/** Which entries are kept. One for all: a list never waits. */
const kept = new Marks()

/**
 * Picks out of entries that come in any order those nearest to a window's place: as many as the window takes, and
 * one more to know whether there are more.
 */
export class Nearest {
  #kept: number[] = []
  /** The farthest that may still be among them, once there have been enough. */
  #farthest: number | undefined
  #hasDropped = false
  readonly #most: number
  readonly #sign: 1 | -1
  readonly #side: ((entry: number) => number) | undefined

  /** @param all - All entries that may come, in order, where they are known. */
  constructor(
    private readonly order: IdOrder,
    { limit, direction, from }: Window,
    private readonly all?: OrderedEntries,
  ) {
    kept.begin()
    this.#most = limit + 1
    this.#sign = direction === 'forward' ? 1 : -1
    this.#side = from && sideOf(order, from)
  }

  clear(): void {
    this.#kept = []
    this.#farthest = undefined
    this.#hasDropped = false
    kept.begin()
  }

  /** Whether an entry would be kept: worth asking before it is looked at more closely. */
  wants(entry: number): boolean {
    if (this.#side !== undefined && this.#side(entry) * this.#sign < 0) return false
    return this.#farthest === undefined || this.#compare(entry, this.#farthest) < 0
  }

  /** Keep an entry that is wanted and has not been added before. */
  add(entry: number): void {
    this.#kept.push(entry)
    kept.add(entry, 1)
    // Sorted now and then: what comes from a chain is mostly in order already, if the wrong way round.
    if (this.#kept.length === 4 * this.#most && this.#isSparse()) this.#prune()
  }

  /** Whether everything that was offered from the beginning on is still there. */
  get isWhole(): boolean {
    return this.#side === undefined && !this.#hasDropped
  }

  /** What was kept, nearest first: as many as the window takes and one more, and all where that costs no more. */
  sorted(): readonly number[] {
    if (this.#farthest === undefined && !this.#isSparse()) return this.#pickOut()
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
    return this.all === undefined || this.all.length > 8 * this.#kept.length
  }

  /** Those that were kept, in the order in which all of them are: nothing has to be compared. */
  #pickOut(): readonly number[] {
    const all = this.all as OrderedEntries
    const picked: number[] = []
    const most = this.isWhole ? this.#kept.length : this.#most
    for (
      let position = this.#start(all);
      picked.length < most && position >= 0 && position < all.length;
      position += this.#sign
    ) {
      const entry = all.at(position)
      if (kept.of(entry) !== 0) picked.push(entry)
    }
    return picked
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
