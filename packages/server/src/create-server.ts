import type { ServiceEngine } from '@bailiwick/core'
import { openApiDocument } from '@bailiwick/wire'
import { allRoutes } from './all-routes.js'
import { auditEndpoints } from './audit/audit-endpoints.js'
import { backupEndpoint } from './backup/backup-endpoint.js'
import { Feed, type FeedOptions } from './feed/feed.js'
import { feedEndpoints } from './feed/feed-endpoints.js'
import { createApp } from './http/create-app.js'
import { openDoor } from './http/door.js'
import { enginesFor } from './http/engine-for.js'
import { operationEndpoint } from './http/operation-endpoint.js'
import { readPublicUrl } from './http/public-url.js'
import { reachFirst } from './http/reach-first.js'
import type { AnswerInspector, Route, Service } from './http/route.js'
import { apiKeyRoutes } from './keys/api-key-routes.js'
import { withConfiguredKey } from './keys/configured-key.js'
import { KeyRing } from './keys/key-ring.js'
import { Admission, type AdmissionLimits } from './limits/admission.js'
import { watchLoop } from './limits/loop-delay.js'
import { type RateLimit, rateLimiter } from './limits/rate-limit.js'
import { type CloseOptions, closeGently } from './operating/close-gently.js'
import type { Log } from './operating/log.js'
import { createMetrics } from './operating/metrics.js'
import { operatingEndpoints } from './operating/operating-endpoints.js'
import { createReadiness } from './operating/readiness.js'
import { requestLog } from './operating/request-log.js'
import { sweepNotes } from './operating/sweep-notes.js'
import { AnsweredOnce } from './replay/answered-once.js'
import { type SessionOptions, sessionSettings } from './sessions/session-settings.js'
import { EndpointBook } from './webhooks/endpoint-book.js'
import { webhookRoutes } from './webhooks/webhook-routes.js'
import { type WebhookOptions, webhookSettings } from './webhooks/webhook-settings.js'
import { WebhookWorker } from './webhooks/webhook-worker.js'

/** What a server is made of. */
export interface ServerOptions {
  readonly engine: ServiceEngine
  /** A key with the scope `admin` that comes from the operator's settings, and is kept nowhere. */
  readonly apiKey?: string
  /** Default: no key is limited. */
  readonly rateLimit?: RateLimit
  readonly admission?: AdmissionLimits
  /** What a request may take to arrive, in milliseconds. Default 30 000. */
  readonly requestTimeoutMs?: number
  /** Who may read `/metrics`: a key with the scope `read`, or everybody. Default `key`. */
  readonly metrics?: 'key' | 'public'
  /** Sees every answer before it goes out; what it throws is answered instead. For tests. */
  readonly inspect?: AnswerInspector
  /** Where a line is written for each request, and for each failure. Default: nowhere. */
  readonly log?: Log
  /** What becomes of a membership for a user of whom nothing is known. Default `create`: her stub is made. */
  readonly unknownUsers?: Service['unknownUsers']
  /** Where callers reach the service, `https://authz.example.com`. Default: where it listens. */
  readonly publicUrl?: string
  /** How people are signed in for development and tests. */
  readonly sessions?: SessionOptions
  /** How webhooks are sent. */
  readonly webhooks?: WebhookOptions
  /** How changes are told at `/changes`. */
  readonly feed?: FeedOptions
  /** The time in milliseconds since 1970. */
  readonly clock?: () => number
}

/** The HTTP service. The engine stays whoever's it is: closing the server does not close it. */
export interface Server {
  /** Every route that it answers. */
  readonly routes: readonly Route[]
  /** The keys that it keeps. */
  readonly keys: KeyRing
  /** Begin to listen. @returns where: `http://127.0.0.1:4100`. */
  listen(options: { readonly port: number; readonly host?: string }): Promise<string>
  /** Be ready no more, let what is under way finish, and stop to listen. */
  close(options?: CloseOptions): Promise<void>
}

/** Make the HTTP service over an engine. It listens once it is told where. */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { engine, apiKey, clock = Date.now, log } = options
  let publicUrl = options.publicUrl === undefined ? '' : readPublicUrl(options.publicUrl)
  const service: Service = {
    engine,
    engineFor: enginesFor(engine),
    clock,
    unknownUsers: options.unknownUsers ?? 'create',
    sessions: sessionSettings(options.sessions ?? {}, () => publicUrl),
    publicUrl: () => publicUrl,
  }
  const keys = new KeyRing(engine.as({ actor: { type: 'system', id: 'server' } }), clock)
  const finder = apiKey === undefined ? keys : withConfiguredKey(apiKey, keys)
  const webhooks = webhookSettings(options.webhooks ?? {})
  const endpoints = new EndpointBook(engine.notebook, () => new Date(clock()).toISOString())
  const routes = [
    ...allRoutes(service),
    ...apiKeyRoutes(keys, service.engineFor),
    ...webhookRoutes(service, endpoints, webhooks),
  ].map((each) => reachFirst(each, engine))
  const loop = watchLoop()
  const admission = new Admission(options.admission ?? {}, loop.delayMs)
  const feed = new Feed(engine.changes, options.feed ?? {})
  const metrics = createMetrics({
    inFlight: () => admission.inFlight,
    feedReaders: () => feed.readers,
    loopDelayMs: loop.delayMs,
  })
  const door = openDoor({
    keys: finder,
    admission,
    limit: options.rateLimit === undefined ? undefined : rateLimiter(options.rateLimit, clock),
  })
  const answered = new AnsweredOnce(engine.notebook, clock)
  const surroundings = { answered, inspect: options.inspect, door }
  const readiness = createReadiness(engine.notebook, clock)
  let openApi: string | undefined
  const operating = operatingEndpoints({
    readiness,
    metrics,
    metricsScope: options.metrics === 'public' ? 'public' : 'read',
    openApi: () => {
      openApi ??= JSON.stringify(openApiDocument(routes.map(({ operation }) => operation)))
      return openApi
    },
  })
  const app = createApp({
    endpoints: [
      ...routes.map((each) => operationEndpoint(each, surroundings)),
      ...operating,
      ...feedEndpoints({ feed, changes: engine.changes }),
      ...auditEndpoints(engine.changes),
      backupEndpoint({ changes: engine.changes, notebook: engine.notebook, clock }),
    ],
    door,
    observers: [metrics.observe, ...(log === undefined ? [] : [requestLog(log)])],
    log,
    requestTimeoutMs: options.requestTimeoutMs,
  })
  const stopSweeping = sweepNotes(engine.notebook)
  const worker = new WebhookWorker({
    ...{ engine, endpoints, clock, settings: webhooks },
    notebook: engine.notebook,
    changes: engine.changes,
    onFailure: (error) => log?.error({ err: error }, 'sending webhooks failed'),
  })
  return {
    routes,
    keys,
    listen: async ({ port, host = '127.0.0.1' }) => {
      const url = await app.listen({ port, host })
      if (publicUrl === '') publicUrl = url
      worker.start()
      return url
    },
    close: async (how = {}) => {
      readiness.stop()
      stopSweeping()
      feed.close()
      await worker.stop()
      await closeGently(app, how)
      loop.stop()
    },
  }
}
