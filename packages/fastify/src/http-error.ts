import { problemOf } from '@bailiwick/client'

/**
 * Put the status and the headers of a refusal on the error itself, where Fastify looks for them: an error handler of
 * the application's own that sends what it is given still answers 403.
 *
 * @returns What `done` takes for an error, whatever was thrown: `done(undefined)` would go on.
 */
export function asHttpError(error: unknown): Error {
  const problem = problemOf(error)
  if (problem === undefined) {
    const isObject = typeof error === 'object' && error !== null
    return isObject ? (error as Error) : new Error('a guard has failed', { cause: error })
  }
  const { 'content-type': _, ...headers } = problem.headers
  return Object.assign(error as Error, { statusCode: problem.status, headers })
}
