import type { OrganizationGraph } from '../graph/organization-graph.js'
import type { QuestionKey } from './question-key.js'
import { type IdOrder, sideOf, type Window } from './window.js'

const mostLists = 64
const mostEntries = 4_096

/** Holds nothing of the graph in memory: an epoch is of one graph only. */
interface Whole {
  readonly epoch: number
  readonly changes: number
  readonly entries: readonly number[]
}

/** The lists asked for last, the newest at the end. */
const wholes = new Map<string, Whole>()

/**
 * What follows in a list that was found as a whole for an earlier page: whoever goes on through a list need not have
 * it found again, unless anything in the organization has changed since.
 */
export class Continuation {
  constructor(
    private readonly graph: OrganizationGraph,
    private readonly key: QuestionKey,
    private readonly order: IdOrder,
  ) {}

  /** The entries that a window shows, nearest first, and one more where there are more; `undefined` to find them. */
  find({ from, direction, limit }: Window): readonly number[] | undefined {
    if (from === undefined) return undefined
    const whole = wholes.get(this.key.text)
    const { epoch, changes } = this.graph.records
    if (whole?.epoch !== epoch || whole.changes !== changes) return undefined
    const { entries } = whole
    const next = firstPast(entries, sideOf(this.order, from))
    return direction === 'forward'
      ? entries.slice(next, next + limit + 1)
      : entries.slice(Math.max(0, next - limit - 1), next).reverse()
  }

  /** Keep a list of which the first page is about to be shown, found in the direction of its window. */
  keep({ direction }: Window, found: readonly number[]): void {
    if (found.length > mostEntries) return
    const entries = direction === 'forward' ? found : found.toReversed()
    const key = this.key.text
    wholes.delete(key)
    const { epoch, changes } = this.graph.records
    wholes.set(key, { epoch, changes, entries })
    for (const [oldest] of wholes) {
      if (wholes.size <= mostLists) break
      wholes.delete(oldest)
    }
  }
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
