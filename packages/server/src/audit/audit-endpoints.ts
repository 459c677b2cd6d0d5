import { type AuditLogFilter, auditLogExportPath, auditLogExportQuery, parseFields } from '@bailiwick/wire'
import type { Endpoint } from '../http/endpoint.js'
import type { ReadingEngine } from '../http/reading-engine.js'
import { queryOf } from '../http/target.js'
import { exportAuditLogs } from './export-audit-logs.js'

/** The whole audit log: an answer that is made while it is sent. */
export function auditEndpoints(engine: ReadingEngine): readonly Endpoint[] {
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
        await exportAuditLogs(engine, filter, response)
        return undefined
      },
    },
  ]
}
