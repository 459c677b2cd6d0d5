import type { IncomingMessage, ServerResponse } from 'node:http'
import { explainDenial, type Problem, type ProblemOptions, problemOf } from '@bailiwick/client'
import type { ErrorMiddleware } from './middleware.js'
import { attached } from './request.js'

/**
 * Answer refusals as `application/problem+json` (RFC 9457). Errors that are not ours, and ours that only the
 * developer can mend, go on to the next error handler.
 *
 * @example
 * app.use(problems()) // after the routes
 */
export function problems(options: ProblemOptions = {}): ErrorMiddleware {
  return (error, req, res, next) => {
    if (res.headersSent || problemOf(error) === undefined) {
      next(error)
      return
    }
    answer(error, req, res, options).catch(next)
  }
}

async function answer(
  error: unknown,
  req: IncomingMessage,
  res: ServerResponse,
  options: ProblemOptions,
): Promise<void> {
  const problem = problemOf(error, options, await explainDenial(error, attached(req), options)) as Problem
  const body = JSON.stringify(problem.body)
  // What the handler has said about a body that will not come.
  for (const name of ['content-encoding', 'content-language', 'content-range', 'etag', 'last-modified']) {
    res.removeHeader(name)
  }
  res.writeHead(problem.status, { ...problem.headers, 'content-length': Buffer.byteLength(body) })
  res.end(body)
}
