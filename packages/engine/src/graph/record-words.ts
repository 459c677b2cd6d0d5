/** The words of each record by name: first those that a check reads, which stand apart from the rest. */
export const membershipWord = { role: 0, firstRow: 1, firstLink: 2, state: 3, text: 4 } as const
export const resourceWord = {
  parent: 0,
  kind: 1,
  text: 2,
  firstRow: 3,
  firstChild: 4,
  next: 5,
  previous: 6,
} as const
export const groupWord = { firstRow: 0, firstLink: 1 } as const
export const linkWord = { group: 0, membership: 1, nextOfGroup: 2, next: 3 } as const
export const rowWord = { resource: 0, role: 1, holder: 2, nextOnResource: 3, next: 4 } as const

/** How many words of a record stand where a check reads, and how many more there are, where not all are read. */
export const wordsOf = {
  membership: 5,
  resource: 1,
  moreOfResource: 6,
  group: 2,
  link: 1,
  moreOfLink: 3,
  row: 2,
  moreOfRow: 3,
} as const

/**
 * In the word `group` of a link and the word `role` of a row: where the next one of the same holder is. What was
 * loaded together stands side by side, and then two bits save a word, which is what a check waits for.
 */
export const nextTold = { bits: 2, mask: 3, isLast: 0, isBefore: 1, isElsewhere: 2 } as const
