import type { AuditLogFilter } from '@bailiwick/wire'
import { firstWhere, forwards } from '../events/log-windows.js'
import type { ReadingEngine } from '../http/reading-engine.js'
import { auditEntries } from './audit-entries.js'
import { isCommitWanted, isEntryWanted } from './audit-filter.js'

/** What the audit log is read from. */
export type AuditSource = Pick<ReadingEngine, 'changes' | 'log'>

/**
 * The audit log as lines of JSON, oldest first, many at a time: whose it is, each entry, and last how many there were
 * and what the chain of the log came to. One without its last line was cut, and is none.
 */
export async function* auditLogLines(
  engine: AuditSource,
  filter: AuditLogFilter = {},
): AsyncGenerator<string> {
  const position = await engine.changes.lastPosition()
  const head = await headAt(engine, position)
  yield line({ format: 'bailiwick-audit-log', version: 1, store: engine.changes.id })
  let end = 0
  for await (const lines of entryLines(engine, filter, position)) {
    end += lines.length
    if (lines.length > 0) yield lines.join('')
  }
  yield line({ end, position, head })
}

async function headAt({ changes }: AuditSource, position: number): Promise<string | null> {
  const [last] = position === 0 ? [] : await changes.links({ after: position - 1, limit: 1 })
  return last?.hash ?? null
}

async function* entryLines(
  engine: AuditSource,
  filter: AuditLogFilter,
  last: number,
): AsyncGenerator<readonly string[]> {
  const { range_start: start, range_end: end } = filter
  const first = start === undefined ? 1 : await firstWhere(engine, ({ commit }) => commit.at >= start)
  for await (const window of forwards(engine, first)) {
    const commits = window.filter((entry) => entry.position <= last && isCommitWanted(entry, filter))
    const entries = await auditEntries(engine, commits)
    yield entries.filter((entry) => isEntryWanted(entry, filter)).map(line)
    const reached = window.at(-1)
    if (reached === undefined || reached.position >= last) return
    if (end !== undefined && reached.commit.at > end) return
  }
}

function line(json: object): string {
  return `${JSON.stringify(json)}\n`
}
