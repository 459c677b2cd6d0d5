import { renderError } from '@bailiwick/wire'
import type { SentAnswer } from '../replay/answer-note.js'
import type { Exchange } from './exchange.js'
import type { Answered } from './route.js'
import { sendWhole } from './send-whole.js'

const none: Readonly<Record<string, string>> = {}

/** An answer as it goes out. */
export function toSend({ body, token, status, headers }: Answered<unknown>, usual: number): SentAnswer {
  return {
    status: status ?? usual,
    body: body === undefined ? null : JSON.stringify(body),
    token: token ?? null,
    headers: headers ?? none,
  }
}

/** Text as it goes out. */
export function textToSend(
  body: string,
  headers: Readonly<Record<string, string>> = none,
  status = 200,
): SentAnswer {
  return { status, body, token: null, headers }
}

const json = 'application/json; charset=utf-8'

/** Write an answer: its headers and its body in one piece. */
export function sendAnswer(exchange: Exchange, answer: SentAnswer): void {
  const { status, body, token, headers } = answer
  if (body !== null && isUsual(exchange, answer, body) && sendWhole(exchange, status, body)) return
  const { response, id } = exchange
  // Names and values in turn, which Node takes as they are.
  const head = ['x-request-id', id]
  if (body !== null) {
    if (headers['content-type'] === undefined) head.push('content-type', json)
    head.push('content-length', String(Buffer.byteLength(body)))
  } else if (status !== 204) {
    head.push('content-length', '0')
  }
  if (headers !== none) for (const name in headers) head.push(name, headers[name] as string)
  if (token !== null) head.push('bailiwick-consistency-token', token)
  response.writeHead(status, head)
  if (body === null) response.end()
  else response.end(body)
}

/** Whether there is nothing to be said but JSON in ASCII, on a connection that stays. */
function isUsual({ request, response }: Exchange, { token, headers }: SentAnswer, body: string): boolean {
  return (
    headers === none &&
    token === null &&
    response.shouldKeepAlive &&
    !response.hasHeader('connection') &&
    request.method !== 'HEAD' &&
    Buffer.byteLength(body) === body.length
  )
}

/** An error as it goes out, in the form that its route has for errors. */
export function errorToSend({ entrance, id }: Exchange, error: unknown): SentAnswer {
  const { status, headers, body } = (entrance?.renderError ?? renderError)(error, id)
  return { status, body: JSON.stringify(body), token: null, headers }
}
