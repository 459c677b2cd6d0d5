/** Which entities of a list that is ordered by id (byte order). A place is an id, which need not be there any more. */
export interface StorePage {
  /** What follows this id in the order of the list. */
  readonly after?: string
  /** What precedes this id; with no `after`, what is nearest to it. The answer is in the order of the list. */
  readonly before?: string
  /** Default `asc`. */
  readonly order?: 'asc' | 'desc'
  readonly limit: number
}

/** A page as it is read: ids strictly between two bounds, from one end on. */
export interface IdRange {
  readonly above: string | undefined
  readonly below: string | undefined
  /** From the highest id downwards. */
  readonly descending: boolean
  readonly limit: number
}

/** Read a page: `read` yields what lies in a range, in the direction of the range. */
export function pageOf<Item>(page: StorePage, read: (range: IdRange) => readonly Item[]): readonly Item[] {
  return inListOrder(page, read(rangeOf(page)))
}

/** The range that holds a page. */
export function rangeOf(page: StorePage): IdRange {
  const { after, before, order = 'asc', limit } = page
  const [above, below] = order === 'asc' ? [after, before] : [before, after]
  return { above, below, descending: (order === 'desc') !== isReadBackwards(page), limit }
}

/** What a range yielded, in the order of the list. */
export function inListOrder<Item>(page: StorePage, items: readonly Item[]): readonly Item[] {
  return isReadBackwards(page) ? items.toReversed() : items
}

// What is nearest to the end is read from there, and turned round.
function isReadBackwards({ after, before }: StorePage): boolean {
  return before !== undefined && after === undefined
}
