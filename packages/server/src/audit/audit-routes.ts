import { listAuditLogs as listAuditLogsOperation, renderList } from '@bailiwick/wire'
import { type Route, route, type Service } from '../http/route.js'
import { listAuditLogs } from './list-audit-logs.js'

/** Who changed what, told from the log. */
export function auditRoutes({ engine }: Service): readonly Route[] {
  return [
    route(listAuditLogsOperation, async ({ query }) => ({
      body: renderList(await listAuditLogs(engine.changes, query), (entry) => entry, query),
    })),
  ]
}
