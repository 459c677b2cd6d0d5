import type { Change, LogEntry, OrganizationId } from '@bailiwick/core'
import type { EventJson, EventName } from '@bailiwick/wire'
import type { ReadingEngine } from '../http/reading-engine.js'
import { CurrentNames } from './current-names.js'
import type { Names } from './event-data.js'
import { eventsOfCommit } from './events-of-commit.js'
import { KnownEntities } from './known-entities.js'

/** Makes events of commits, looking up whatever it takes. */
export interface EventMaker {
  /** The events of entries that follow each other in the log, forwards or backwards, in the order of the changes. */
  eventsOf(entries: readonly LogEntry[]): Promise<readonly EventJson[]>
}

// Two commits of one shard within one millisecond lie close together in the log.
const nearby = 100

/**
 * What a commit does not say itself is looked up: what a removed entity was, in the log; what ids stand for, in the
 * present, since slugs never change, and in the log where they are gone.
 */
export function eventMaker(engine: ReadingEngine, isWanted: (name: EventName) => boolean): EventMaker {
  const known = new KnownEntities(engine)
  const current = new CurrentNames(engine)

  function namesAt({ position, commit }: LogEntry): Names {
    const shard = organizationOfShard(commit.shard)
    const or = (name: string | null | undefined, past: () => string | undefined) =>
      name === null ? past() : name
    return {
      roleSlug: (id) => or(current.roleSlug(id, shard), () => known.entity('role', id, position)?.slug),
      permissionSlug: (id) =>
        or(current.permissionSlug(id), () => known.entity('permission', id, position)?.slug),
      organizationName: (id) =>
        or(current.organization(id), () => known.entity('organization', id, position)?.name),
    }
  }

  return {
    eventsOf: async (entries) => {
      if (entries.length === 0) return []
      const isNew = newWithin(await withNearby(engine, entries))
      const sources = { known, namesAt, isNew, isWanted }
      for (;;) {
        const events = entries.flatMap((entry) => eventsOfCommit(entry, sources))
        const lookedUp = [await current.lookUp(), await known.lookUp()]
        if (!lookedUp.includes(true)) return events
      }
    },
  }
}

async function withNearby(engine: ReadingEngine, entries: readonly LogEntry[]): Promise<readonly LogEntry[]> {
  const first = Math.min(...entries.map(({ position }) => position))
  const after = Math.max(0, first - 1 - nearby)
  return first - 1 > after
    ? [...(await engine.log({ after, limit: first - 1 - after })), ...entries]
    : entries
}

/**
 * Whether a change puts an entity that was not there before. It was made at the time of the commit; and where the
 * clock stood still, no earlier commit of that time knows of it.
 */
function newWithin(entries: readonly LogEntry[]): (entry: LogEntry, change: Change) => boolean {
  const byMoment = new Map<string, LogEntry[]>()
  for (const entry of entries) {
    const moment = momentOf(entry)
    byMoment.set(moment, [...(byMoment.get(moment) ?? []), entry])
  }
  return (entry, change) => {
    const { position, commit } = entry
    if (change.op !== 'put' || !('createdAt' in change.entity)) return false
    if (change.entity.createdAt !== commit.at) return false
    const atThatMoment = byMoment.get(momentOf(entry)) ?? []
    return !atThatMoment.some((earlier) => earlier.position < position && puts(earlier, change))
  }
}

function momentOf({ commit }: LogEntry): string {
  return `${commit.shard}\n${commit.at}`
}

function puts({ commit }: LogEntry, { kind, entity }: Extract<Change, { op: 'put' }>): boolean {
  return commit.changes.some(
    (change) => change.op === 'put' && change.kind === kind && change.entity.id === entity.id,
  )
}

/** The organization that a shard is, if it is one. */
function organizationOfShard(shard: string): OrganizationId | undefined {
  return shard.startsWith('org_') ? (shard as OrganizationId) : undefined
}
