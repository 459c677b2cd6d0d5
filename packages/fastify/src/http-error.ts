import { problemOf } from '@bailiwick/client'

/**
 * Put the status and the headers of a refusal on the error itself, where Fastify looks for them: an error handler of
 * the application's own that sends what it is given still answers 403.
 */
export function asHttpError(error: unknown): unknown {
  const problem = problemOf(error)
  if (problem === undefined) return error
  const { 'content-type': _, ...headers } = problem.headers
  return Object.assign(error as object, { statusCode: problem.status, headers })
}
