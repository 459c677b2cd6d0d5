import { type Authorizer, developmentPage, type GuardedRoute } from '@bailiwick/client'
import { NotFound } from '@bailiwick/core'
import type { FastifyInstance } from 'fastify'
import { open } from './require-permission.js'

/** Serve the page of `developmentPage`, where there is one: not in production. */
export function serveDevelopmentPage(
  app: FastifyInstance,
  authorizer: Authorizer,
  routes: () => readonly GuardedRoute[],
): void {
  const page = developmentPage(authorizer, routes)
  if (page === undefined) return
  app.get('/__authz', { preHandler: open() }, async ({ raw }, reply) => {
    const { host, accept } = raw.headers
    const answer = page.answer({ remoteAddress: raw.socket.remoteAddress, host, accept })
    if (answer === undefined) throw new NotFound()
    return reply.code(answer.status).headers(answer.headers).send(answer.body)
  })
}
