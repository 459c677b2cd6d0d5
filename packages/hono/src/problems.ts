import { explainDenial, type Problem, type ProblemOptions, problemOf } from '@bailiwick/client'
import type { ErrorHandler } from 'hono'
import { attached } from './request.js'

/** What a refusal may tell, and who answers everything else. */
export interface ProblemsOptions extends ProblemOptions {
  /** The application's own error handler. Default: as Hono does without one. */
  readonly otherwise?: ErrorHandler
}

/**
 * Answer refusals as `application/problem+json` (RFC 9457). Errors that are not ours, and ours that only the
 * developer can mend, go on to `otherwise`.
 *
 * @example
 * app.onError(problems({ otherwise: (error, c) => c.text('something broke', 500) }))
 */
export function problems({ otherwise = asHonoDoes, ...options }: ProblemsOptions = {}): ErrorHandler {
  return async (error, c) => {
    if (problemOf(error) === undefined) return otherwise(error, c)
    const explanation = await explainDenial(error, attached(c), options)
    const { status, headers, body } = problemOf(error, options, explanation) as Problem
    // By the context, which knows what middleware has said of headers already.
    return c.newResponse(JSON.stringify(body), status as 403, headers as Record<string, string>)
  }
}

const asHonoDoes: ErrorHandler = (error, c) => {
  if ('getResponse' in error) {
    const response = error.getResponse()
    return c.newResponse(response.body, response)
  }
  console.error(error)
  return c.text('Internal Server Error', 500)
}
