import type { ChangeSource } from '@bailiwick/core'
import { type AuditLogFilter, auditLogExportPath, auditLogExportQuery, parseFields } from '@bailiwick/wire'
import { StreamWriter } from '../feed/stream-writer.js'
import type { Endpoint } from '../http/endpoint.js'
import { queryOf } from '../http/target.js'
import { auditLogLines } from './audit-log-lines.js'

/** How long a reader may take nothing, before it is cut off. Milliseconds. */
const patienceMs = 30_000

/** The whole audit log: an answer that is made while it is sent. */
export function auditEndpoints(changes: ChangeSource): readonly Endpoint[] {
  return [
    {
      method: 'GET',
      path: auditLogExportPath,
      scope: 'admin',
      kind: 'stream',
      answer: async ({ request, response, id }) => {
        const filter = parseFields(auditLogExportQuery, queryOf(request)) as AuditLogFilter
        response.writeHead(200, {
          'content-type': 'application/x-ndjson; charset=utf-8',
          'cache-control': 'no-store',
          'x-request-id': id,
          // It ends with its answer: a connection that waits is closed when the service stops.
          connection: 'close',
        })
        await tell(new StreamWriter(response, patienceMs), auditLogLines(changes, filter))
        return undefined
      },
    },
  ]
}

async function tell(writer: StreamWriter, lines: AsyncIterable<string>): Promise<void> {
  try {
    let last = ''
    for await (const text of lines) {
      writer.write(last)
      last = text
      if ((await writer.drained()) !== 'taken') return writer.cut()
    }
    writer.end(last)
  } catch {
    writer.cut()
  }
}
