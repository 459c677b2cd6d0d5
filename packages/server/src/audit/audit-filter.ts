import type { LogEntry, Origin } from '@bailiwick/core'
import type { AuditLogEntryJson, AuditLogFilter } from '@bailiwick/wire'
import { canBeNamed, isNamed } from './actions.js'

/** Whether a commit can hold an entry that is wanted: what can be told before anything is looked up. */
export function isCommitWanted({ commit }: LogEntry, filter: AuditLogFilter): boolean {
  const { organization_id: organizationId, actor_type: type, actor_id: id } = filter
  const { actions, range_start: start, range_end: end } = filter
  if (organizationId !== undefined && commit.shard !== organizationId) return false
  if ((type !== undefined || id !== undefined) && !isBy(commit.origin, type, id)) return false
  if (actions !== undefined && !commit.changes.some(({ kind }) => canBeNamed(kind, actions))) return false
  return (start === undefined || commit.at >= start) && (end === undefined || commit.at <= end)
}

/** Whoever is named has done it, or his key has been used for it. */
function isBy(origin: Origin | undefined, type: string | undefined, id: string | undefined): boolean {
  return [origin?.actor, origin?.via].some(
    (actor) =>
      actor !== undefined &&
      (type === undefined || actor.type === type) &&
      (id === undefined || actor.id === id),
  )
}

/** Whether an entry of such a commit is wanted. */
export function isEntryWanted(
  { action, targets }: AuditLogEntryJson,
  { actions, target_id: targetId }: AuditLogFilter,
): boolean {
  if (actions !== undefined && !isNamed(action, actions)) return false
  return targetId === undefined || targets.some(({ id }) => id === targetId)
}
