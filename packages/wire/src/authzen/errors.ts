import { renderError } from '../errors.js'

/** An error as AuthZEN wants it: a status of few, and a message. */
export interface PlainError {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** A JSON string. */
  readonly body: string
}

/**
 * Render an error of a call for AuthZEN: whatever is wrong with the request is a 400. It says nothing about the
 * outcome of a decision, which is an answer.
 *
 * @see AuthZEN 1.0, Error Responses
 */
export function renderPlainError(error: unknown): PlainError {
  const { status, headers, body } = renderError(error)
  return { status: status === 415 || status === 422 ? 400 : status, headers, body: body.message }
}
