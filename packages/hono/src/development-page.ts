import type { IncomingMessage } from 'node:http'
import { type Authorizer, developmentPage } from '@bailiwick/client'
import type { MiddlewareHandler } from 'hono'
import { demanding } from './middleware.js'
import { type HonoApplication, routesOf } from './routes-of.js'

/**
 * A page for development: the routes of an application and what they demand, its last hundred decisions, and why. It
 * answers at this machine only, on `@hono/node-server`, and is not there where `NODE_ENV` is `production`.
 *
 * @example
 * app.get('/__authz', authzPage(app, authz))
 */
export function authzPage(app: HonoApplication, authorizer: Authorizer): MiddlewareHandler {
  const page = developmentPage(authorizer, () => routesOf(app))
  return demanding({ kind: 'public' }, async (c, next) => {
    const { incoming } = (c.env ?? {}) as { incoming?: IncomingMessage }
    const { host, accept } = incoming?.headers ?? {}
    const answer = page?.answer({ remoteAddress: incoming?.socket.remoteAddress, host, accept })
    return answer === undefined ? next() : c.newResponse(answer.body, answer.status as 200, answer.headers)
  })
}
