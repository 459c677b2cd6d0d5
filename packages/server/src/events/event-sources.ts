import type { Change, LogEntry } from '@bailiwick/core'
import type { EventJson, EventName } from '@bailiwick/wire'
import type { ReadingEngine } from '../http/reading-engine.js'
import { CurrentNames } from './current-names.js'
import { eventsOfCommit } from './events-of-commit.js'
import { namesIn } from './names-in.js'
import { PastEntities } from './past-entities.js'

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
  const past = new PastEntities(engine.changes)
  const namesAt = namesIn(new CurrentNames(engine), past)

  return {
    eventsOf: async (entries) => {
      if (entries.length === 0) return []
      const isNew = newWithin(await withNearby(engine, entries))
      const sources = { past, namesAt: namesAt.of, isNew, isWanted }
      for (;;) {
        const events = entries.flatMap((entry) => eventsOfCommit(entry, sources))
        if (!(await namesAt.lookUp())) return events
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
