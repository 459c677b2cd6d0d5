import type { LogLink } from '@bailiwick/core'
import type { WrittenRow } from './log-rows.js'

/** Positions of the last and the first commit, commits, hash. */
export type LinkRow = readonly [position: number, first: number, commits: Buffer, hash: Buffer | null]

export function linkOf([position, first, text, hash]: LinkRow): LogLink {
  return { first, position, text, hash: hash === null ? null : hash.toString('latin1') }
}

/** The same of a row that SQLite does not have yet. */
export function linkOfWritten([position, first, json, , hash]: WrittenRow): LogLink {
  return { first, position, text: Buffer.from(json), hash }
}

/** Hashes are text, read as bytes as all text is. */
export const linkColumns = 'position, first, CAST(commits AS BLOB), CAST(hash AS BLOB)'
