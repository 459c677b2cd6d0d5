import type { IncomingHttpHeaders } from 'node:http'
import { type ChangeSource, environmentShard, type ShardId } from '@bailiwick/core'
import { feedPath, feedQuery, parseFields, parseParams, shardId, shardPath } from '@bailiwick/wire'
import type { FastifyInstance, FastifyReply, onRequestHookHandler } from 'fastify'
import type { z } from 'zod'
import type { RequestHooks } from '../http/request-hooks.js'
import type { Feed, FeedQuestion } from './feed.js'
import { tellShard } from './tell-shard.js'

/** What the streams are made of. */
export interface FeedParts {
  readonly feed: Feed
  readonly changes: ChangeSource
  readonly hooks: RequestHooks
}

/** `/changes`, and whole shards: answers that are made while they are sent. They count among no requests under way. */
export function mountFeed(app: FastifyInstance, { feed, changes, hooks }: FeedParts): void {
  const onRequest = [unheard, hooks.authenticate('read')]

  app.get(feedPath, { onRequest }, async (request, reply) => {
    const openedAt = feed.now()
    const { after, shards } = questionOf(request.query, request.headers)
    feed.admit()
    const start = await feed.startOf(after)
    begin(reply, 'text/event-stream; charset=utf-8')
    await feed.tell(reply.raw, { start, shards, openedAt })
  })

  app.get(shardPath.replace('{shard}', ':shard'), { onRequest }, async (request, reply) => {
    feed.admit()
    const { shard } = request.params as { readonly shard: string }
    const id = parseParams(shardId, shard) as ShardId
    const loaded = await changes.load(id)
    // After it: what it rests on was there before it.
    const environment = await changes.revision(environmentShard)
    begin(reply, 'application/x-ndjson; charset=utf-8')
    await tellShard(feed.writer(reply.raw), { store: changes.id, shard: id, environment, loaded })
  })
}

/** The id that a reader was told last leads on from there, as an `EventSource` sends it when it comes again. */
function questionOf(query: unknown, headers: IncomingHttpHeaders): FeedQuestion {
  const { after, organization_id } = parseFields(feedQuery, query) as z.output<typeof feedQuery>
  const last = headers['last-event-id']
  return {
    after: typeof last === 'string' && last !== '' ? last : after,
    shards: organization_id && new Set<ShardId>(organization_id),
  }
}

function begin(reply: FastifyReply, type: string): void {
  reply.hijack()
  reply.raw.writeHead(200, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-request-id': reply.request.id,
    // So that a proxy passes on each event when it comes.
    'x-accel-buffering': 'no',
    // It ends with its answer: a connection that waits is closed when the service stops.
    connection: 'close',
  })
  reply.raw.flushHeaders()
}

/** They last as long as they like: a figure of how long would say nothing. */
const unheard: onRequestHookHandler = (request, _reply, done) => {
  request.pattern = undefined
  done()
}
