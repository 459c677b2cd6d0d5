import type { FastifyReply } from 'fastify'
import type { SentAnswer } from '../replay/answered-once.js'
import type { Answered } from './route.js'

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

/** Write an answer: its JSON, and the token of the write behind it. */
export function sendAnswer(reply: FastifyReply, { status, body, token, headers }: SentAnswer): void {
  reply.code(status)
  if (headers !== none) reply.headers(headers)
  if (token !== null) reply.header('bailiwick-consistency-token', token)
  if (body === null) reply.send()
  else reply.header('content-type', 'application/json; charset=utf-8').send(body)
}
