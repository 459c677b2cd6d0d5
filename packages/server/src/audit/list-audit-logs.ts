import { setImmediate } from 'node:timers/promises'
import { type ChangeSource, CursorInvalid } from '@bailiwick/core'
import type { AuditLogEntryJson, AuditLogFilter, AuditLogQuery, ListPage } from '@bailiwick/wire'
import { pageOf } from '@bailiwick/wire'
import { type EventPlace, idOfPlace, lastChange, parsePlace } from '../events/event-ids.js'
import { backwards, firstWhere, forwards } from '../events/log-windows.js'
import { auditEntries, entryPrefix } from './audit-entries.js'
import { isCommitWanted, isEntryWanted } from './audit-filter.js'

const defaultLimit = 10

/** So many commits are looked at for one page, however few of them are wanted. */
const mostCommits = 20_000

/**
 * A page of the audit log, newest first unless the query says otherwise. One that took long to find is shorter than it
 * might be; there is more while its place is not `null`.
 *
 * @throws {CursorInvalid} for a place that is no id of an entry, and for two of them.
 */
export async function listAuditLogs(
  changes: ChangeSource,
  query: AuditLogQuery,
): Promise<ListPage<AuditLogEntryJson>> {
  const { order, after, before, limit = defaultLimit } = pageOf(query)
  if (after !== undefined && before !== undefined) throw new CursorInvalid()
  if (before === undefined) {
    const { entries, rest } = await walk(changes, query, { order, from: after, limit })
    return { items: entries, before: after === undefined ? null : (entries[0]?.id ?? after), after: rest }
  }
  const { entries, rest } = await walk(changes, query, {
    order: order === 'asc' ? 'desc' : 'asc',
    from: before,
    limit,
  })
  return { items: entries.toReversed(), before: rest, after: entries[0]?.id ?? before }
}

interface Walk {
  readonly order: 'asc' | 'desc'
  /** Strictly beyond this place. */
  readonly from: string | undefined
  readonly limit: number
}

interface Walked {
  readonly entries: readonly AuditLogEntryJson[]
  /** The place to go on from; `null` where there is nothing more. */
  readonly rest: string | null
}

async function walk(
  changes: ChangeSource,
  filter: AuditLogFilter,
  { order, from, limit }: Walk,
): Promise<Walked> {
  const place = from === undefined ? undefined : parsePlace(entryPrefix, from)
  const found: AuditLogEntryJson[] = []
  let looked = 0
  for await (const window of windows(changes, filter, order, place)) {
    const entries = await auditEntries(
      changes,
      window.filter((entry) => isCommitWanted(entry, filter)),
    )
    const wanted = entries.filter((entry) => isEntryWanted(entry, filter))
    const ordered = order === 'asc' ? wanted : wanted.toSorted((one, other) => (one.id < other.id ? 1 : -1))
    // One by one: a commit may have more entries than a call can have arguments.
    for (const entry of ordered) if (isPast(entry.id, order, from)) found.push(entry)
    if (found.length > limit) {
      const some = found.slice(0, limit)
      return { entries: some, rest: some.at(-1)?.id ?? null }
    }
    looked += window.length
    const last = window.at(-1)
    if (last === undefined || isBeyond(last.commit.at, order, filter)) break
    if (looked >= mostCommits) return { entries: found, rest: placeBeyond(last.position, order) }
    // Others have their turn.
    await setImmediate()
  }
  return { entries: found, rest: null }
}

async function* windows(
  changes: ChangeSource,
  { range_start: start, range_end: end }: AuditLogFilter,
  order: 'asc' | 'desc',
  place: EventPlace | undefined,
) {
  if (order === 'asc') {
    const earliest = start === undefined ? 1 : await firstWhere(changes, ({ commit }) => commit.at >= start)
    yield* forwards(changes, Math.max(earliest, place?.position ?? earliest))
  } else {
    const latest =
      end === undefined
        ? await changes.lastPosition()
        : (await firstWhere(changes, ({ commit }) => commit.at > end)) - 1
    yield* backwards(changes, Math.min(latest, place?.position ?? latest))
  }
}

/** Ids are in the order of the log. */
function isPast(id: string, order: 'asc' | 'desc', from: string | undefined): boolean {
  if (from === undefined) return true
  return order === 'asc' ? id > from : id < from
}

/** Whether nothing that follows is within the range. */
function isBeyond(at: string, order: 'asc' | 'desc', filter: AuditLogFilter): boolean {
  const { range_start: start, range_end: end } = filter
  return order === 'asc' ? end !== undefined && at > end : start !== undefined && at < start
}

/** Behind everything at a position, in the order in which it was come by. */
function placeBeyond(position: number, order: 'asc' | 'desc'): string {
  return idOfPlace(entryPrefix, { position, change: order === 'asc' ? lastChange : 0 })
}
