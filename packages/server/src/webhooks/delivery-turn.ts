import type { ShardId } from '@bailiwick/core'
import type { EventJson } from '@bailiwick/wire'
import type { ReadingEngine } from '../http/reading-engine.js'
import type { Attempt } from './attempt-log.js'
import { type Delivered, type DeliveryParts, deliverInOrder } from './deliver.js'
import type { DeliveryState, Lane } from './delivery-state.js'
import { inParallel } from './in-parallel.js'
import { type PlacedEvent, readEvents } from './read-events.js'
import type { WebhookEndpoint } from './webhook-endpoint.js'

/** What a turn came to. */
export interface Turn {
  readonly state: DeliveryState
  /** In no particular order. */
  readonly attempts: readonly Attempt[]
}

/** So many commits are looked at in a turn: what a crash delivers twice. */
const commitsPerTurn = 100
const commitsPerLane = 2_000
/** When so many wait, an endpoint is not well, and nothing new is begun. */
const mostLanes = 50
const mostAtOnce = 8

/**
 * Deliver what has happened since, and what waits and is due: side by side, save that events of one organization go one
 * after the other. The state that it comes to may be written only after that: what was delivered and not noted is
 * delivered again.
 */
export async function deliveryTurn(
  engine: ReadingEngine,
  endpoint: WebhookEndpoint,
  state: DeliveryState,
  parts: DeliveryParts,
): Promise<Turn> {
  const now = parts.clock()
  const due = state.lanes.filter(({ nextAttemptAt }) => nextAttemptAt <= now)
  const resting = state.lanes.filter(({ nextAttemptAt }) => nextAttemptAt > now)
  const next = state.lanes.length < mostLanes ? commitsPerTurn : 0
  const { events, reached } = await readEvents(engine, {
    from: state.from,
    limit: next,
    names: endpoint.events,
  })
  const waiting = new Set(state.lanes.map(({ shard }) => shard))
  const attempts: Attempt[] = []
  const lanes: Lane[] = [...resting]
  const note = (shard: ShardId, { attempts: some, waiting: rest }: Delivered) => {
    attempts.push(...some)
    if (rest !== undefined) lanes.push({ shard, ...rest })
  }
  await inParallel(mostAtOnce, [
    ...[...byShard(events)]
      .filter(([shard]) => !waiting.has(shard))
      .map(
        ([shard, ofShard]) =>
          async () =>
            note(shard, await deliverInOrder(endpoint.id, ofShard, 0, parts)),
      ),
    ...due.map((lane) => async () => {
      const { delivered, rest } = await driveLane(engine, endpoint, lane, reached.position, parts)
      note(lane.shard, delivered)
      if (rest !== undefined) lanes.push(rest)
    }),
  ])
  return { state: { from: reached, lanes }, attempts }
}

/** Deliver what waits in a lane; it ends when it has come as far as the others. */
async function driveLane(
  engine: ReadingEngine,
  endpoint: WebhookEndpoint,
  lane: Lane,
  before: number,
  parts: DeliveryParts,
): Promise<{ readonly delivered: Delivered; readonly rest?: Lane }> {
  const { shard, from, attempts } = lane
  const reading = { from, shard, before, limit: commitsPerLane, names: endpoint.events }
  const { events, reached } = await readEvents(engine, reading)
  const ordered = events.map(({ event }) => event)
  const delivered = await deliverInOrder(endpoint.id, ordered, attempts, parts)
  if (delivered.waiting !== undefined || reached.position >= before) return { delivered }
  return { delivered, rest: { shard, from: reached, attempts: 0, nextAttemptAt: parts.clock() } }
}

function byShard(events: readonly PlacedEvent[]): ReadonlyMap<ShardId, EventJson[]> {
  const grouped = new Map<ShardId, EventJson[]>()
  for (const { shard, event } of events) {
    const ofShard = grouped.get(shard)
    if (ofShard === undefined) grouped.set(shard, [event])
    else ofShard.push(event)
  }
  return grouped
}
