import type { ServerResponse } from 'node:http'
import type { AuditLogFilter } from '@bailiwick/wire'
import { firstWhere, forwards } from '../events/log-windows.js'
import { StreamWriter } from '../feed/stream-writer.js'
import type { ReadingEngine } from '../http/reading-engine.js'
import { auditEntries } from './audit-entries.js'
import { isCommitWanted, isEntryWanted } from './audit-filter.js'

/** How long a reader may take nothing. Milliseconds. */
const patienceMs = 30_000

/**
 * Tell the audit log line by line, oldest first: whose it is, each entry, and last what the chain of the log came to. One
 * without its last line was cut, and is none.
 */
export async function exportAuditLogs(
  engine: ReadingEngine,
  filter: AuditLogFilter,
  response: ServerResponse,
): Promise<void> {
  const writer = new StreamWriter(response, patienceMs)
  const position = await engine.changes.lastPosition()
  const head = await headAt(engine, position)
  writer.write(line({ format: 'bailiwick-audit-log', version: 1, store: engine.changes.id }))
  let end = 0
  try {
    for await (const lines of entryLines(engine, filter, position)) {
      end += lines.length
      writer.write(lines.join(''))
      if ((await writer.drained()) !== 'taken') return writer.cut()
    }
  } catch {
    return writer.cut()
  }
  writer.end(line({ end, position, head }))
}

async function headAt({ changes }: ReadingEngine, position: number): Promise<string | null> {
  const [last] = position === 0 ? [] : await changes.links({ after: position - 1, limit: 1 })
  return last?.hash ?? null
}

async function* entryLines(
  engine: ReadingEngine,
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
