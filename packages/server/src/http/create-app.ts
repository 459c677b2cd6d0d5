import { RequestRefused, renderError } from '@bailiwick/wire'
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { authenticate, type KeyFinder } from '../keys/authenticate.js'
import { answerClientError, fromFastify } from './fastify-errors.js'
import { mountRoute } from './mount-route.js'
import { requestIdOf } from './request-id.js'
import type { Route } from './route.js'
import { parseStrictJson } from './strict-json.js'
import { unknownRoutes } from './unknown-route.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The id of the key that asks. */
    keyId: string | undefined
  }
}

/** What the Fastify application is made of. */
export interface AppParts {
  readonly routes: readonly Route[]
  readonly keys: KeyFinder
}

const mebibyte = 1_048_576

/** The Fastify application: how a request comes in and an answer, or an error, goes out. */
export async function createApp({ routes, keys }: AppParts): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: mebibyte,
    // What a request may take to arrive, headers and body: a slow one is cut off, others go on.
    requestTimeout: 30_000,
    genReqId: ({ headers }) => requestIdOf(headers['x-request-id']),
    // Three characters of the path for each of an external id of 128.
    routerOptions: { maxParamLength: 512 },
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => sendError(error, request, reply),
  })
  app.decorateRequest('keyId', undefined)
  readJsonOnly(app)
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    done()
  })
  app.setErrorHandler(sendError)
  const unknownRoute = unknownRoutes(routes.map(({ operation }) => operation))
  app.setNotFoundHandler((request, reply) => {
    const { error, allowed } = unknownRoute(request.method, request.url)
    if (allowed.length > 0) reply.header('allow', allowed.join(', '))
    return sendError(error, request, reply)
  })
  for (const route of routes) {
    mountRoute(app, route, {
      authenticate: ({ scope }) => {
        if (scope === 'public') return (_request, _reply, done) => done()
        return (request, _reply, done) => {
          try {
            const key = authenticate(keys, request.headers, scope)
            if (key instanceof Promise) {
              key.then(({ id }) => admit(request, id, done), done)
            } else {
              admit(request, key.id, done)
            }
          } catch (error) {
            done(error as Error)
          }
        }
      },
    })
  }
  return app
}

function admit(request: FastifyRequest, keyId: string, done: () => void): void {
  request.keyId = keyId
  done()
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
  const charset = /charset="?([^";]+)/i.exec(headers['content-type'] ?? '')?.[1]
  if (charset !== undefined && charset.trim().toLowerCase() !== 'utf-8') {
    throw new RequestRefused('media_type_unsupported', 'a body is sent in UTF-8')
  }
}

function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, headers, body } = renderError(fromFastify(error), request.id)
  return reply
    .code(status)
    .headers(headers)
    .header('x-request-id', request.id)
    .header('content-type', 'application/json; charset=utf-8')
    .send(JSON.stringify(body))
}
