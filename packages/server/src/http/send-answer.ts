import type { FastifyReply } from 'fastify'
import type { Answered } from './route.js'

/** Write an answer: its JSON, and the token of the write behind it. */
export function sendAnswer(reply: FastifyReply, answered: Answered<unknown>, status: number): FastifyReply {
  reply.code(answered.status ?? status)
  if (answered.token !== undefined) reply.header('bailiwick-consistency-token', answered.token)
  if (answered.body === undefined) return reply.send()
  return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(answered.body))
}
