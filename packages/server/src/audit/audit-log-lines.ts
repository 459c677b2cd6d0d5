import type { ChangeSource } from '@bailiwick/core'
import type { AuditLogFilter } from '@bailiwick/wire'
import { firstWhere, forwards } from '../events/log-windows.js'
import { auditEntries } from './audit-entries.js'
import { isCommitWanted, isEntryWanted } from './audit-filter.js'

/**
 * The audit log as lines of JSON, oldest first, many at a time: whose it is, each entry, and last how many there were
 * and what the chain of the log came to. One without its last line was cut, and is none.
 */
export async function* auditLogLines(
  changes: ChangeSource,
  filter: AuditLogFilter = {},
): AsyncGenerator<string> {
  const position = await changes.lastPosition()
  const head = await headAt(changes, position)
  yield line({ format: 'bailiwick-audit-log', version: 1, store: changes.id })
  let end = 0
  for await (const lines of entryLines(changes, filter, position)) {
    end += lines.length
    if (lines.length > 0) yield lines.join('')
  }
  yield line({ end, position, head })
}

async function headAt(changes: ChangeSource, position: number): Promise<string | null> {
  const [last] = position === 0 ? [] : await changes.links({ after: position - 1, limit: 1 })
  return last?.hash ?? null
}

async function* entryLines(
  changes: ChangeSource,
  filter: AuditLogFilter,
  last: number,
): AsyncGenerator<readonly string[]> {
  const { range_start: start, range_end: end } = filter
  const first = start === undefined ? 1 : await firstWhere(changes, ({ commit }) => commit.at >= start)
  for await (const window of forwards(changes, first)) {
    const commits = window.filter((entry) => entry.position <= last && isCommitWanted(entry, filter))
    const entries = await auditEntries(changes, commits)
    yield entries.filter((entry) => isEntryWanted(entry, filter)).map(line)
    const reached = window.at(-1)
    if (reached === undefined || reached.position >= last) return
    if (end !== undefined && reached.commit.at > end) return
  }
}

function line(json: object): string {
  return `${JSON.stringify(json)}\n`
}
