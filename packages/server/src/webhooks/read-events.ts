import type { ShardId } from '@bailiwick/core'
import type { EventJson } from '@bailiwick/wire'
import { type EventPlace, idOfPlace, parseEventId } from '../events/event-ids.js'
import { eventMaker } from '../events/event-sources.js'
import type { ReadingEngine } from '../http/reading-engine.js'

/** An event, and the shard in which it happened. */
export interface PlacedEvent {
  readonly shard: ShardId
  readonly event: EventJson
}

/** Events from a place on. */
export interface ReadEvents {
  readonly events: readonly PlacedEvent[]
  /** The first change that was not looked at. */
  readonly reached: EventPlace
}

/** What is read. */
export interface EventReading {
  readonly from: EventPlace
  /** How many commits at most. */
  readonly limit: number
  /** No farther than before this position. */
  readonly before?: number
  /** Of one shard only. */
  readonly shard?: ShardId
  /** Names of events. */
  readonly names: readonly string[]
}

/** The events of the commits from a place on, in their order. */
export async function readEvents(
  engine: ReadingEngine,
  { from, limit, before = Infinity, shard, names }: EventReading,
): Promise<ReadEvents> {
  const most = Math.min(limit, before - from.position)
  const entries = most <= 0 ? [] : await engine.log({ after: from.position - 1, limit: most })
  const wanted = shard === undefined ? entries : entries.filter(({ commit }) => commit.shard === shard)
  const shards = new Map(wanted.map(({ position, commit }) => [position, commit.shard]))
  const made = await eventMaker(engine, (name) => names.includes(name)).eventsOf(wanted)
  const first = idOfPlace('event', from)
  const events = made
    .filter(({ id }) => id >= first)
    .map((event) => ({ shard: shards.get(parseEventId(event.id).position) as ShardId, event }))
  const last = entries.at(-1)
  return { events, reached: last === undefined ? from : { position: last.position + 1, change: 0 } }
}
