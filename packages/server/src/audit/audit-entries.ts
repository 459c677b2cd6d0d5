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
    const entries = commits.flatMap((entry) => entriesOf(entry, past))
    if (!(await past.lookUp())) return entries
  }
}

function entriesOf(entry: LogEntry, past: Past): readonly AuditLogEntryJson[] {
  // What the commit itself has done before, by the names of what it did it to: it may change a hundred thousand things.
  const earlier = new Map<string, Change>()
  return entry.commit.changes.map((change, index) => {
    const name = `${change.kind} ${idOf(change)}`
    const before = entityBefore(entry, change, earlier.get(name), past)
    earlier.set(name, change)
    return auditEntry(entry, index, change, before)
  })
}

function auditEntry(
  { position, commit }: LogEntry,
  index: number,
  change: Change,
  before: AnyEntity | undefined,
): AuditLogEntryJson {
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
function entityBefore(
  entry: LogEntry,
  change: Change,
  earlier: Change | undefined,
  past: Past,
): AnyEntity | undefined {
  if (earlier !== undefined) return earlier.op === 'put' ? earlier : undefined
  const { kind } = change
  const { at } = entry.commit
  // What was made at the time of this commit was not there before, unless another commit of that instant made it.
  const isNew = change.op === 'put' && 'createdAt' in change.entity && change.entity.createdAt === at
  const entity = past.entity(kind, idOf(change), { ...momentOf(entry), notBefore: isNew ? at : undefined })
  // The kind belongs to the entity, which their types apart cannot say.
  return entity === undefined ? undefined : ({ kind, entity } as AnyEntity)
}

function idOf(change: Change): string {
  return change.op === 'put' ? change.entity.id : change.id
}
