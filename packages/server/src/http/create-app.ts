import { RequestRefused, renderError } from '@bailiwick/wire'
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
} from 'fastify'
import type { AnsweredOnce } from '../replay/answered-once.js'
import { answerClientError, fromFastify } from './fastify-errors.js'
import { mountRoute } from './mount-route.js'
import type { RequestHooks } from './request-hooks.js'
import { requestIdOf } from './request-id.js'
import type { AnswerInspector, ErrorRenderer, Route } from './route.js'
import { parseStrictJson } from './strict-json.js'
import { unknownRoutes } from './unknown-route.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly renderError?: ErrorRenderer
  }
}

/** What the Fastify application is made of. */
export interface AppParts {
  readonly routes: readonly Route[]
  readonly hooks: RequestHooks
  readonly answered?: AnsweredOnce | undefined
  readonly inspect?: AnswerInspector | undefined
  /** Where failures of the service are told, which no answer tells. */
  readonly log?: FastifyBaseLogger | undefined
  /** What a request may take to arrive, in milliseconds. Default 30 000. */
  readonly requestTimeoutMs?: number | undefined
}

const mebibyte = 1_048_576

/** The Fastify application: how a request comes in and an answer, or an error, goes out. */
export function createApp(parts: AppParts): FastifyInstance {
  const { routes, hooks, answered, inspect, log, requestTimeoutMs = 30_000 } = parts
  const sendError = errorSender(log)
  const app = fastify({
    bodyLimit: mebibyte,
    // Headers and body: a slow sender is cut off, the others go on.
    requestTimeout: requestTimeoutMs,
    http: {
      connectionsCheckingInterval: Math.min(5_000, requestTimeoutMs / 2),
      headersTimeout: requestTimeoutMs,
    },
    genReqId: ({ headers }) => requestIdOf(headers['x-request-id']),
    // Three characters of the path for each of an external id of 128.
    routerOptions: { maxParamLength: 512 },
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    frameworkErrors: sendError,
  })
  app.decorate('stopping', false)
  app.decorateRequest('keyId', undefined)
  app.decorateRequest('admitted', false)
  app.decorateRequest('pattern', null)
  app.addHook('onResponse', hooks.leave)
  readJsonOnly(app)
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    if (app.stopping) reply.header('connection', 'close')
    done()
  })
  app.setErrorHandler(sendError)
  const unknownRoute = unknownRoutes(routes.map(({ operation }) => operation))
  app.setNotFoundHandler((request, reply) => {
    const { error, allowed } = unknownRoute(request.method, request.url)
    if (allowed.length > 0) reply.header('allow', allowed.join(', '))
    return sendError(error, request, reply)
  })
  for (const route of routes) mountRoute(app, route, { hooks, answered, inspect })
  return app
}

function readJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      refuseEncodings(request)
      done(null, parseStrictJson(body as Buffer))
    } catch (error) {
      done(error as Error)
    }
  })
}

/** A compressed body is refused rather than unpacked: nobody can send a small one that becomes large. */
function refuseEncodings({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') {
    throw new RequestRefused('media_type_unsupported', 'a body is sent without `Content-Encoding`')
  }
  const type = headers['content-type']
  const charset = type === 'application/json' ? undefined : /charset="?([^";]+)/i.exec(type ?? '')?.[1]
  if (charset !== undefined && charset.trim().toLowerCase() !== 'utf-8') {
    throw new RequestRefused('media_type_unsupported', 'a body is sent in UTF-8')
  }
}

function errorSender(log: FastifyBaseLogger | undefined) {
  return (thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const error = fromFastify(thrown)
    const render: ErrorRenderer = request.routeOptions?.config?.renderError ?? renderError
    const { status, headers, body } = render(error, request.id)
    if (status >= 500 && status !== 503) log?.error({ requestId: request.id, err: error }, 'request failed')
    return reply
      .code(status)
      .headers(headers)
      .header('x-request-id', request.id)
      .header('content-type', 'application/json; charset=utf-8')
      .send(JSON.stringify(body))
  }
}
