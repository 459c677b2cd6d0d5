import type { Records } from '../graph/records.js'
import { type IdOrder, sideOf, type Window } from './window.js'

/** A power of two. */
const mostLists = 64
const mostEntries = 4_096

/** What the numbers of a question begin with: which list it is about. */
export const resourcesList = 0
export const subjectsList = 1

/** Holds nothing of the graph in memory: an epoch is of one graph only. */
interface Whole {
  readonly epoch: number
  readonly changes: number
  readonly about: readonly number[]
  readonly entries: readonly number[]
  /** The part that was shown last. Most who go on begin where it begins, or where it ends. */
  start: number
  end: number
}

/** Lists that were asked for lately, each where its question falls. */
const wholes: (Whole | undefined)[] = Array.from({ length: mostLists })

/**
 * What follows in a list that was found as a whole for an earlier page: whoever goes on through a list need not have
 * it found again, unless anything in the organization has changed since.
 */
export class Continuation {
  /** @param about - Gives the question in numbers: all that decides what is in the list, and which list it is. */
  constructor(
    private readonly records: Records,
    private readonly about: () => readonly number[],
    private readonly order: IdOrder,
  ) {}

  /** The entries that a window shows, nearest first, and one more where there are more; `undefined` to find them. */
  find({ from, direction, limit }: Window): readonly number[] | undefined {
    if (from === undefined) return undefined
    const about = this.about()
    const whole = wholes[this.#place(about)]
    if (whole === undefined || !this.#isOurs(whole, about)) return undefined
    const { entries } = whole
    const side = sideOf(this.order, from)
    const likely = direction === 'forward' ? whole.end : whole.start
    const next = isFirstPast(entries, likely, side) ? likely : firstPast(entries, side)
    show(whole, next, limit, direction)
    return direction === 'forward'
      ? entries.slice(next, next + limit + 1)
      : entries.slice(Math.max(0, next - limit - 1), next).reverse()
  }

  /** Keep a list of which the first page is about to be shown, found in the direction of its window. */
  keep({ direction, limit }: Window, found: readonly number[]): void {
    if (found.length > mostEntries) return
    const { epoch, changes } = this.records
    const entries = direction === 'forward' ? found : found.toReversed()
    const about = this.about()
    const whole = { epoch, changes, about, entries, start: 0, end: 0 }
    show(whole, direction === 'forward' ? 0 : entries.length, limit, direction)
    wholes[this.#place(about)] = whole
  }

  #isOurs(whole: Whole, about: readonly number[]): boolean {
    if (whole.epoch !== this.records.epoch || whole.changes !== this.records.changes) return false
    if (about.length !== whole.about.length) return false
    for (let n = 0; n < about.length; n++) if (about[n] !== whole.about[n]) return false
    return true
  }

  #place(about: readonly number[]): number {
    let hash = this.records.epoch
    for (const number of about) hash = Math.imul(hash ^ number, 0x9e3779b1)
    return (hash >>> 16) & (mostLists - 1)
  }
}

/** @param from - Where the part begins that is shown, in the direction of its window. */
function show(whole: Whole, from: number, limit: number, direction: Window['direction']): void {
  whole.start = direction === 'forward' ? from : Math.max(0, from - limit)
  whole.end = direction === 'forward' ? Math.min(from + limit, whole.entries.length) : from
}

/** Whether an entry is the first past a place: the search ends there, and costs looking at many entries. */
function isFirstPast(entries: readonly number[], at: number, side: (entry: number) => number): boolean {
  return (
    (at === 0 || side(entries[at - 1] as number) < 0) &&
    (at === entries.length || side(entries[at] as number) > 0)
  )
}

function firstPast(entries: readonly number[], side: (entry: number) => number): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (side(entries[middle] as number) < 0) low = middle + 1
    else high = middle
  }
  return low
}
