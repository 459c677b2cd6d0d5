import type { LogEntry, LogLink } from '@bailiwick/core'
import { noHash } from '../chain/link-hash.js'
import type { LogPage } from '../store/store.js'
import type { StoredState } from './append-drafts.js'
import { type LinkRow, linkOf, linkOfWritten } from './link-rows.js'
import { decodeLogRow, type LogEnd, type LogRow } from './log-rows.js'
import { damaged } from './sqlite-errors.js'
import type { Statements } from './statements.js'

/** What reads of the log need: what SQLite has of it, and what is ahead of that. */
type StoredLog = Pick<StoredState, 'statements' | 'ahead'>

/** Commits after a position. */
export function logEntries({ statements, ahead }: StoredLog, { after, limit }: LogPage): readonly LogEntry[] {
  const entries: LogEntry[] = []
  while (entries.length < limit) {
    const reached = after + entries.length
    const row = (statements.logNext.get(reached) as LogRow | undefined) ?? ahead.after(reached, 1)[0]
    if (row === undefined) break
    const next = decodeLogRow(row).filter(({ position }) => position > reached)
    if (next[0]?.position !== reached + 1) throw damaged(`the commit at position ${reached + 1} is missing`)
    for (const entry of next) entries.push(entry)
  }
  return entries.slice(0, limit)
}

/** Rows after a position, as they stand there. */
export function logLinks({ statements, ahead }: StoredLog, { after, limit }: LogPage): readonly LogLink[] {
  const links = (statements.links.all(after, limit) as LinkRow[]).map(linkOf)
  const reached = links.at(-1)?.position ?? after
  return [...links, ...ahead.after(reached, limit - links.length).map(linkOfWritten)]
}

/** The row that ends at a position. */
export function logRowAt({ statements, ahead }: StoredLog, position: number): LogRow | undefined {
  return ahead.at(position) ?? (statements.logRow.get(position) as LogRow | undefined)
}

/** Where the log of SQLite ends. */
export function logEnd(statements: Statements): LogEnd {
  const [position, hash] = (statements.logEnd.get() as [number, Buffer | null] | undefined) ?? [0, null]
  return { position, hash: hash?.toString('latin1') ?? noHash }
}
