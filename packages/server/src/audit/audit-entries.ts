import type { AnyEntity, Change, ChangeSource, LogEntry, OrganizationId } from '@bailiwick/core'
import { type AuditLogEntryJson, renderOrigin } from '@bailiwick/wire'
import { idOfPlace } from '../events/event-ids.js'
import { momentOf } from '../events/events-of-commit.js'
import { type Past, PastEntities } from '../events/past-entities.js'
import { actionOf } from './actions.js'
import { storedOnWire } from './stored-on-wire.js'
import { targetsOf } from './targets.js'

/** Before an id of an entry. */
export const entryPrefix = 'audit'

/**
 * The entries of the audit log that commits come to, one for each change, in their order. What was there before is what
 * the commits of the same shard last said of it: exact, and kept nowhere twice.
 */
export async function auditEntries(
  changes: Pick<ChangeSource, 'commitsSince' | 'revision'>,
  commits: readonly LogEntry[],
): Promise<readonly AuditLogEntryJson[]> {
  const past = new PastEntities(changes)
  for (;;) {
    const entries = commits.flatMap((entry) =>
      entry.commit.changes.map((_, index) => auditEntry(entry, index, past)),
    )
    if (!(await past.lookUp())) return entries
  }
}

function auditEntry(entry: LogEntry, index: number, past: Past): AuditLogEntryJson {
  const { position, commit } = entry
  const change = commit.changes[index] as Change
  const before = entityBefore(entry, index, past)
  const after = change.op === 'put' ? change : undefined
  const happening = after === undefined ? 'deleted' : before === undefined ? 'created' : 'updated'
  const known = after ?? before
  return {
    object: 'audit_log_entry',
    id: idOfPlace(entryPrefix, { position, change: index }),
    action: actionOf(change.kind, happening),
    occurred_at: commit.at,
    organization_id: commit.shard.startsWith('org_') ? (commit.shard as OrganizationId) : null,
    ...renderOrigin(commit.origin),
    targets: known === undefined ? [] : targetsOf(known),
    before: before === undefined ? null : storedOnWire(before.entity),
    after: after === undefined ? null : storedOnWire(after.entity),
    position,
  }
}

/** What a change found: what an earlier one of its own commit left, or else what the commits before it did. */
function entityBefore(entry: LogEntry, index: number, past: Past): AnyEntity | undefined {
  const { at, changes } = entry.commit
  const change = changes[index] as Change
  const { kind } = change
  const id = idOf(change)
  const earlier = changes.slice(0, index).findLast((each) => each.kind === kind && idOf(each) === id)
  if (earlier !== undefined) return earlier.op === 'put' ? earlier : undefined
  // What was made at the time of this commit was not there before, unless another commit of that instant made it.
  const isNew = change.op === 'put' && 'createdAt' in change.entity && change.entity.createdAt === at
  const entity = past.entity(kind, id, { ...momentOf(entry), notBefore: isNew ? at : undefined })
  // The kind belongs to the entity, which their types apart cannot say.
  return entity === undefined ? undefined : ({ kind, entity } as AnyEntity)
}

function idOf(change: Change): string {
  return change.op === 'put' ? change.entity.id : change.id
}
