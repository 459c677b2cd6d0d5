import type { FastifyInstance, FastifyReply, onRequestHookHandler } from 'fastify'
import type { Metrics } from './metrics.js'
import type { Readiness } from './readiness.js'

/** What is asked by those who run the service. */
export interface OperatingParts {
  readonly readiness: Readiness
  readonly metrics: Metrics
  /** Lets pass who may read the metrics. */
  readonly mayReadMetrics: onRequestHookHandler
  /** The OpenAPI document, as text. */
  readonly openApi: () => string
}

/** `/healthz`, `/readyz`, `/metrics` and `/openapi.json`: never turned away for load. */
export function mountOperatingRoutes(app: FastifyInstance, parts: OperatingParts): void {
  app.get('/healthz', { onRequest: unheard }, (_request, reply) => sendJson(reply, 200, { status: 'ok' }))
  app.get('/readyz', { onRequest: unheard }, async (_request, reply) => {
    const status = await parts.readiness.check()
    return sendJson(reply, status === 'ready' ? 200 : 503, { status })
  })
  app.get('/metrics', { onRequest: [unheard, parts.mayReadMetrics] }, (_request, reply) =>
    reply.header('content-type', parts.metrics.contentType).send(parts.metrics.render()),
  )
  app.get('/openapi.json', { onRequest: unheard }, (_request, reply) =>
    reply.header('content-type', 'application/json; charset=utf-8').send(parts.openApi()),
  )
}

/** Probes come every few seconds: they are no line of a log and no figure. */
const unheard: onRequestHookHandler = (request, _reply, done) => {
  request.pattern = undefined
  done()
}

function sendJson(reply: FastifyReply, status: number, body: object): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(body))
}
