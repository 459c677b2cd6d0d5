import type { LogEntry } from '@bailiwick/core'
import { z } from 'zod'
import { writeFeedToken } from './feed-token.js'
import { parseCommit } from './stored.js'

const position = z.int().min(0)

/** What is told beside commits, by the name of the event. */
const schemas = {
  /** First of all: of which store, and from where on. */
  opened: z.object({ store: z.string(), position }),
  /** Everything that was durable so many milliseconds after the request came has been told. */
  heartbeat: z.object({ position, elapsed_ms: z.number() }),
  /** What lies between the place that was asked for and this position is not told: read anew what rests on it. */
  gap: z.object({ position, reason: z.enum(['store_foreign', 'beyond_log', 'trimmed']) }),
  /** The last one. `renew`: come back at once; `slow`: events were not taken for too long. */
  end: z.object({ position, reason: z.enum(['renew', 'shutting_down', 'slow', 'unavailable']) }),
}

type Told = { readonly [Name in keyof typeof schemas]: z.infer<(typeof schemas)[Name]> }

/** Why a feed leaves something out. */
export type FeedGap = Told['gap']['reason']
/** Why a feed ends. */
export type FeedEnd = Told['end']['reason']

/** One event of the feed. */
export type FeedEvent =
  | ({ readonly event: 'commit' } & LogEntry)
  | { [Name in keyof Told]: { readonly event: Name } & Told[Name] }[keyof Told]

/** An event as server-sent events have it. Its id leads back to the place after it. */
export function renderFeedEvent(event: FeedEvent, store: string): string {
  const { event: name, ...rest } = event
  const data = 'commit' in rest ? { ...rest.commit, position: rest.position } : rest
  const id = writeFeedToken({ store, position: event.position })
  // JSON has no line break of its own, so that one line is enough.
  return `event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`
}

/**
 * Read an event.
 *
 * @returns `undefined` for one that this release does not know.
 * @throws {Error} for one of a known name that is not of its form.
 */
export function parseFeedEvent(name: string | undefined, data: string): FeedEvent | undefined {
  switch (name) {
    case 'commit': {
      const json: unknown = JSON.parse(data)
      return { event: name, position: place.parse(json).position, commit: parseCommit(json) }
    }
    case 'opened':
      return { event: name, ...schemas.opened.parse(JSON.parse(data)) }
    case 'heartbeat':
      return { event: name, ...schemas.heartbeat.parse(JSON.parse(data)) }
    case 'gap':
      return { event: name, ...schemas.gap.parse(JSON.parse(data)) }
    case 'end':
      return { event: name, ...schemas.end.parse(JSON.parse(data)) }
    default:
      return undefined
  }
}

const place = z.object({ position: z.int().min(1) })
