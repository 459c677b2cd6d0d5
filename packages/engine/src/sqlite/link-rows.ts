import type { LogLink } from '@bailiwick/core'

/** Positions of the last and the first commit, commits, hash. */
export type LinkRow = readonly [position: number, first: number, commits: Buffer, hash: Buffer | null]

export function linkOf([position, first, text, hash]: LinkRow): LogLink {
  return { first, position, text, hash: hash === null ? null : hash.toString('latin1') }
}

/** Hashes are text, read as bytes as all text is. */
export const linkColumns = 'position, first, CAST(commits AS BLOB), CAST(hash AS BLOB)'
