import { listOf } from '../lists.js'
import { operation } from '../operation.js'
import { auditLogEntryJson, auditLogQuery } from './audit-logs.js'

/** `GET /audit_logs` */
export const listAuditLogs = operation({
  id: 'listAuditLogs',
  method: 'GET',
  path: '/audit_logs',
  summary: 'List who changed what, newest first',
  tag: 'Audit log',
  scope: 'admin',
  status: 200,
  schemas: { query: auditLogQuery, answer: listOf(auditLogEntryJson) },
  errors: ['cursor_invalid'],
})

/** Where the audit log is told line by line, oldest first. It needs a key with the scope `admin`. */
export const auditLogExportPath = '/audit_logs/export'
