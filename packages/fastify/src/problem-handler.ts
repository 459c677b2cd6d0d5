import { explainDenial, type Problem, type ProblemOptions, problemOf } from '@bailiwick/client'
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { asHttpError } from './http-error.js'
import { attached } from './request.js'

type ErrorHandler = NonNullable<RouteOptions['errorHandler']>

/**
 * The error handler of a route: refusals are `application/problem+json` (RFC 9457), and everything else goes on to
 * the handler that the route or the application has, whenever it was set.
 */
export function problemHandler(options: ProblemOptions, own: ErrorHandler | undefined): ErrorHandler {
  return function (error, request, reply) {
    if (reply.raw.headersSent || problemOf(error) === undefined) {
      if (own === undefined) throw error
      return own.call(this, error, request, reply)
    }
    return answer(error, request, reply, options)
  }
}

async function answer(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  options: ProblemOptions,
): Promise<FastifyReply> {
  const log = (lines: string) => request.log.warn(lines)
  const explanation = await explainDenial(error, attached(request), { log, ...options })
  const problem = problemOf(asHttpError(error), options, explanation) as Problem
  // What the handler has said about a body that will not come.
  for (const name of ['content-encoding', 'content-language', 'content-range', 'etag', 'last-modified']) {
    reply.removeHeader(name)
  }
  // As text: the route's own schema of responses would leave out what it does not know.
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .serializer((text: string) => text)
    .send(JSON.stringify(problem.body))
}
