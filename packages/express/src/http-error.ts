import { problemOf } from '@bailiwick/client'

/**
 * Put the status and the headers of a refusal on the error itself, where Express's own error handler and most
 * others look for them: an application that forgets `problems()` still answers 403, in plain text.
 */
export function asHttpError(error: unknown): unknown {
  const problem = problemOf(error)
  if (problem === undefined) return error
  const { 'content-type': _, ...headers } = problem.headers
  return Object.assign(error as object, { status: problem.status, headers })
}
