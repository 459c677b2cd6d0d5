import type { EntityPage, LogEntry } from '@bailiwick/core'
import type { EventJson, EventQuery } from '@bailiwick/wire'
import type { ReadingEngine } from '../http/reading-engine.js'
import { type EventPlace, parseEventId } from './event-ids.js'
import { eventMaker } from './event-sources.js'
import { backwards, firstWhere, forwards, lastPosition } from './log-windows.js'

const defaultLimit = 10

/**
 * A page of what happened, oldest first unless the query says otherwise. Its `after` is there while there is more;
 * whoever waits for more goes on from the id of the last event.
 *
 * @throws {CursorInvalid} for a place that is no id of an event.
 */
export async function listEvents(engine: ReadingEngine, query: EventQuery): Promise<EntityPage<EventJson>> {
  const { limit = defaultLimit, events: names, order = 'asc' } = query
  const maker = eventMaker(engine, (name) => names === undefined || names.includes(name))
  const place = query.after === undefined ? undefined : parseEventId(query.after)
  const found: EventJson[] = []
  for await (const window of windowsFor(engine, query, place)) {
    const events = await maker.eventsOf(window.filter((entry) => isWithin(entry, query)))
    const ordered = order === 'asc' ? events : eventsReversed(events)
    // One by one: a commit may have more events than a call can have arguments.
    for (const event of ordered) if (isPast(event.id, query)) found.push(event)
    if (found.length > limit || window.some((entry) => isBeyond(entry, query))) break
  }
  const items = found.slice(0, limit)
  return { items, before: null, after: found.length > limit ? (items.at(-1)?.id ?? null) : null }
}

async function* windowsFor(
  engine: ReadingEngine,
  { order, range_start: start, range_end: end }: EventQuery,
  place: EventPlace | undefined,
): AsyncGenerator<readonly LogEntry[]> {
  if (order === 'desc') {
    const latest =
      end === undefined
        ? await lastPosition(engine)
        : (await firstWhere(engine, ({ commit }) => commit.at > end)) - 1
    yield* backwards(engine, Math.min(latest, place?.position ?? latest))
  } else {
    const earliest = start === undefined ? 1 : await firstWhere(engine, ({ commit }) => commit.at >= start)
    yield* forwards(engine, Math.max(earliest, place?.position ?? earliest))
  }
}

function isWithin({ commit }: LogEntry, query: EventQuery): boolean {
  const { organization_id: organizationId, range_start: start, range_end: end } = query
  if (organizationId !== undefined && commit.shard !== organizationId) return false
  return (start === undefined || commit.at >= start) && (end === undefined || commit.at <= end)
}

/** Whether nothing that follows in the order of the query is within its range. */
function isBeyond({ commit }: LogEntry, { order, range_start: start, range_end: end }: EventQuery): boolean {
  return order === 'desc' ? start !== undefined && commit.at < start : end !== undefined && commit.at > end
}

/** Ids are in the order of the log. */
function isPast(id: string, { after, order }: EventQuery): boolean {
  if (after === undefined) return true
  return order === 'desc' ? id < after : id > after
}

/** Entries come latest first; within each, so must its events. */
function eventsReversed(events: readonly EventJson[]): readonly EventJson[] {
  return events.toSorted((one, other) => (one.id < other.id ? 1 : -1))
}
