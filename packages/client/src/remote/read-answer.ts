import { type AuthorizationError, RemoteKeyRefused, RemoteUnavailable } from '@bailiwick/core'
import { parseError } from '@bailiwick/wire'
import type { HttpAnswer } from './transport/exchange.js'
import { retryAfterSec } from './transport/retry-after.js'

/** What a success must look like. */
export interface ExpectedAnswer {
  readonly status: number
  /** The id that the request carried; `undefined` where the service does not repeat it. */
  readonly requestId: string | undefined
}

/**
 * Read the JSON of a success; `undefined` where it has no body.
 *
 * @throws {RemoteUnavailable} `remote_answer_invalid` for whatever did not come from the service in answer to this
 *   very request; otherwise the error that the service tells.
 */
export function readAnswer(answer: HttpAnswer, expected: ExpectedAnswer): unknown {
  const { status } = answer
  if (status >= 400) throw errorOf(answer)
  if (status !== expected.status) throw invalid(`has the status ${status}, not ${expected.status}`)
  if (expected.requestId !== undefined && answer.headers['x-request-id'] !== expected.requestId)
    throw invalid('belongs to another request')
  if (status === 204) return undefined
  const json = jsonOf(answer)
  if (json === undefined) throw invalid('is no JSON')
  return json
}

/** Read JSON by a rule that throws what does not fit, and call that an invalid answer. */
export function readBy<Value>(read: (json: unknown) => Value, json: unknown): Value {
  try {
    return read(json)
  } catch (cause) {
    throw invalid('is not of the form agreed on', cause)
  }
}

/** @param what - How it goes on after `the answer`. */
export function invalid(what: string, cause?: unknown): RemoteUnavailable {
  return new RemoteUnavailable('remote_answer_invalid', `the answer of the service ${what}`, { cause })
}

function errorOf(answer: HttpAnswer): AuthorizationError {
  const { status } = answer
  // A refused key is the application's fault, not that of the user who is behind the request it serves.
  if (status === 401 || status === 403) return new RemoteKeyRefused(status)
  const json = jsonOf(answer)
  if (json !== undefined) return parseError(status, json)
  if (status < 500 && status !== 429) return invalid(`has the status ${status}, and no JSON`)
  return new RemoteUnavailable(
    'remote_unreachable',
    `the way to the service ended with the status ${status}`,
    {
      retryAfterSec: retryAfterSec(answer),
    },
  )
}

function jsonOf({ headers, text }: HttpAnswer): unknown {
  const type = headers['content-type']
  if (typeof type !== 'string' || !type.startsWith('application/json')) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
