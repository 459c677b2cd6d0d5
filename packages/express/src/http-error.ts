import { problemOf } from '@bailiwick/client'

/**
 * Put the status and the headers of a refusal on the error itself, where Express's own error handler and most
 * others look for them: an application that forgets `problems()` still answers 403.
 *
 * @returns What `next` takes for an error, whatever was thrown: `next(undefined)` and `next('route')` would go on.
 */
export function asHttpError(error: unknown): object {
  const problem = problemOf(error)
  if (problem === undefined) {
    return typeof error === 'object' && error !== null
      ? error
      : new Error('a guard has failed', { cause: error })
  }
  const { 'content-type': _, ...headers } = problem.headers
  return Object.assign(error as object, { status: problem.status, headers })
}
