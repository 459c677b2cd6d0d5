import type { Actor, Origin } from '@bailiwick/core'
import { z } from 'zod'
import { organizationId } from '../ids.js'
import { listFields } from '../lists.js'
import { commaList, instant, timestamp } from '../primitives.js'

/** An entity as it is stored: roles and permissions by id, names of fields in snake_case. */
const stored = z.record(z.string(), z.unknown())

const actor = z.object({ type: z.string(), id: z.string(), name: z.string().nullable() })

/** One thing that a commit changed, as it is answered. */
export const auditLogEntryJson = z
  .object({
    object: z.literal('audit_log_entry'),
    id: z.string(),
    /** `role_assignment.created` */
    action: z.string(),
    occurred_at: timestamp,
    /** `null` for what is no organization's: the environment, users. */
    organization_id: organizationId.nullable(),
    /** `null` where nobody said. */
    actor: actor.nullable(),
    /** The API key that somebody used: `null` where the actor is the key, or used none. */
    via: actor.nullable(),
    request_id: z.string().nullable(),
    reason: z.string().nullable(),
    /** What was changed, first, and what it refers to. */
    targets: z.array(z.object({ type: z.string(), id: z.string() })),
    /** `null` where it was not there before. */
    before: stored.nullable(),
    /** `null` where it is no more. */
    after: stored.nullable(),
    /** The position of the commit in the log. Entries with the same one belong together. */
    position: z.int(),
  })
  .meta({ id: 'AuditLogEntry' })

/** An entry of the audit log as JSON. */
export type AuditLogEntryJson = z.input<typeof auditLogEntryJson>

/** Which entries: whatever is given must fit. */
const filterFields = {
  organization_id: organizationId.optional(),
  /** Of the actor, or of the key that it used. */
  actor_type: z.string().max(48).optional(),
  actor_id: z.string().max(256).optional(),
  /** Names joined by commas; `role_assignment` stands for all that begins with it and a dot. */
  actions: commaList(z.string().min(1).max(100)).optional(),
  /** An id: of what was changed, or of what that refers to. */
  target_id: z.string().max(512).optional(),
  range_start: instant.optional(),
  range_end: instant.optional(),
}

/** The query of the audit log. */
export const auditLogQuery = z.object({ ...listFields, ...filterFields })

/** What a query of the audit log yields. */
export type AuditLogQuery = z.output<typeof auditLogQuery>

/** The query of an export. */
export const auditLogExportQuery = z.object(filterFields)

/** What a query of an export yields. */
export type AuditLogFilter = z.output<typeof auditLogExportQuery>

/** The first line of an export. */
export const auditLogExportHead = z.object({
  format: z.literal('bailiwick-audit-log'),
  version: z.literal(1),
  store: z.string(),
})

/** The last line of an export: a file without it was cut. */
export const auditLogExportEnd = z.object({
  /** How many entries stand before it. */
  end: z.int(),
  /** The last position that was looked at. */
  position: z.int(),
  /** What the chain of the log came to there; `null` for an empty log. */
  head: z.string().nullable(),
})

/** Who made a change, and what they said of it. */
export function renderOrigin(
  origin: Origin | undefined,
): Pick<AuditLogEntryJson, 'actor' | 'via' | 'request_id' | 'reason'> {
  if (origin === undefined) return { actor: null, via: null, request_id: null, reason: null }
  const { actor, via, requestId, reason } = origin
  return {
    actor: renderActor(actor),
    via: via === undefined ? null : renderActor(via),
    request_id: requestId ?? null,
    reason: reason ?? null,
  }
}

function renderActor({ type, id, name }: Actor): z.infer<typeof actor> {
  return { type, id, name: name ?? null }
}
