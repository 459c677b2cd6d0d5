import type { IncomingMessage } from 'node:http'
import { type ChangeSource, environmentShard, type ShardId } from '@bailiwick/core'
import { feedPath, feedQuery, parseFields, parseParams, shardId, shardPath } from '@bailiwick/wire'
import type { z } from 'zod'
import type { Endpoint } from '../http/endpoint.js'
import type { Exchange } from '../http/exchange.js'
import { queryOf } from '../http/target.js'
import type { Feed, FeedQuestion } from './feed.js'
import { tellShard } from './tell-shard.js'

/** What the streams are made of. */
export interface FeedParts {
  readonly feed: Feed
  readonly changes: ChangeSource
}

/** `/changes`, and whole shards: answers that are made while they are sent. They count among no requests under way. */
export function feedEndpoints({ feed, changes }: FeedParts): readonly Endpoint[] {
  return [
    stream(feedPath, async (exchange) => {
      const openedAt = feed.now()
      const { after, shards } = questionOf(exchange.request)
      feed.admit()
      const start = await feed.startOf(after)
      begin(exchange, 'text/event-stream; charset=utf-8')
      await feed.tell(exchange.response, { start, shards, openedAt })
    }),
    stream(shardPath, async (exchange) => {
      feed.admit()
      const id = parseParams(shardId, exchange.params.shard) as ShardId
      const loaded = await changes.load(id)
      // After it: what it rests on was there before it.
      const environment = await changes.revision(environmentShard)
      begin(exchange, 'application/x-ndjson; charset=utf-8')
      await tellShard(feed.writer(exchange.response), { store: changes.id, shard: id, environment, loaded })
    }),
  ]
}

function stream(path: string, tell: (exchange: Exchange) => Promise<void>): Endpoint {
  return {
    method: 'GET',
    path,
    scope: 'read',
    kind: 'stream',
    answer: (exchange) => tell(exchange).then(() => undefined),
  }
}

/** The id that a reader was told last leads on from there, as an `EventSource` sends it when it comes again. */
function questionOf(request: IncomingMessage): FeedQuestion {
  const { after, organization_id } = parseFields(feedQuery, queryOf(request)) as z.output<typeof feedQuery>
  const last = request.headers['last-event-id']
  return {
    after: typeof last === 'string' && last !== '' ? last : after,
    shards: organization_id && new Set<ShardId>(organization_id),
  }
}

function begin({ response, id }: Exchange, type: string): void {
  response.writeHead(200, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-request-id': id,
    // So that a proxy passes on each event when it comes.
    'x-accel-buffering': 'no',
    // It ends with its answer: a connection that waits is closed when the service stops.
    connection: 'close',
  })
  response.flushHeaders()
}
