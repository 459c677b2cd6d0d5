import { problemOf } from '@bailiwick/client'

/**
 * Put an answer on the error itself, where Hono's own error handler looks for one: an application that forgets
 * `problems()` still answers 403.
 */
export function asHttpError(error: unknown): unknown {
  const problem = problemOf(error)
  if (problem === undefined) return error
  const { status, headers, body } = problem
  return Object.assign(error as object, {
    getResponse: () => new Response(JSON.stringify(body), { status, headers }),
  })
}
