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
