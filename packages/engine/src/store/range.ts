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
export function pageOf<Item>(
  { after, before, order = 'asc', limit }: StorePage,
  read: (range: IdRange) => readonly Item[],
): readonly Item[] {
  // What is nearest to the end is read from there, and turned round.
  const backwards = before !== undefined && after === undefined
  const [above, below] = order === 'asc' ? [after, before] : [before, after]
  const items = read({ above, below, descending: (order === 'desc') !== backwards, limit })
  return backwards ? items.toReversed() : items
}
