import {
  type AuthorizationError,
  InputInvalid,
  PermissionUnknown,
  RemoteKeyRefused,
  RemoteUnavailable,
} from '@bailiwick/core'
import { parseError, RequestInvalid } from '@bailiwick/wire'
import type { HttpAnswer } from './transport/exchange.js'
import { retryAfterSec } from './transport/retry-after.js'

/**
 * Read a success: the text of its body, which says that it is JSON.
 *
 * @param requestId - What the request was called; `undefined` where the service does not repeat it.
 * @throws {RemoteUnavailable} `remote_answer_invalid` for whatever did not come from the service in answer to this
 *   very request; otherwise the error that the service tells.
 */
export function readAnswer(answer: HttpAnswer, requestId: string | undefined): string {
  const { status, headers, text } = answer
  if (status >= 400) throw errorOf(answer)
  if (status >= 300) throw invalid(`has the status ${status}, which is neither yes nor no`)
  if (requestId !== undefined && headers['x-request-id'] !== requestId)
    throw invalid('belongs to another request')
  if (text !== '' && !isJson(answer)) throw invalid('is no JSON')
  return text
}

/** What the text of an answer says; `undefined` where there is none. @throws {RemoteUnavailable} for what is no JSON. */
export function jsonIn(text: string): unknown {
  if (text === '') return undefined
  const json = jsonOf(text)
  if (json === undefined) throw invalid('is no JSON')
  return json
}

/** Read JSON by a rule that throws what does not fit, and call that an invalid answer. */
export function readBy<Value>(read: (json: unknown) => Value, json: unknown): Value {
  try {
    return read(json)
  } catch (cause) {
    // That is what such an answer says, and not what is wrong with it.
    if (cause instanceof PermissionUnknown) throw cause
    throw invalid('is not of the form agreed on', cause)
  }
}

/** An error as an engine in this process would have thrown it: that is asked by fields, not by requests. */
export function asOfEngine(error: AuthorizationError): AuthorizationError {
  if (!(error instanceof RequestInvalid)) return error
  const [{ field, message } = { field: 'body', message: error.message }] = error.problems
  const made = new InputInvalid(field, message, undefined)
  made.message = error.message
  return made
}

/** @param what - How it goes on after `the answer`. */
export function invalid(what: string, cause?: unknown): RemoteUnavailable {
  return new RemoteUnavailable('remote_answer_invalid', `the answer of the service ${what}`, { cause })
}

function errorOf(answer: HttpAnswer): AuthorizationError {
  const { status } = answer
  // A refused key is the application's fault, not that of the user who is behind the request it serves.
  if (status === 401 || status === 403) return new RemoteKeyRefused(status)
  const json = isJson(answer) ? jsonOf(answer.text) : undefined
  if (json !== undefined) return asOfEngine(parseError(status, json))
  if (status < 500 && status !== 429) return invalid(`has the status ${status}, and no JSON`)
  const code = status === 429 || status === 503 ? 'remote_overloaded' : 'remote_unreachable'
  return new RemoteUnavailable(code, `the way to the service ended with the status ${status}`, {
    retryAfterSec: retryAfterSec(answer),
  })
}

function isJson({ headers }: HttpAnswer): boolean {
  const type = headers['content-type']
  return typeof type === 'string' && type.startsWith('application/json')
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
