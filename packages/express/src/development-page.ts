import type { IncomingMessage } from 'node:http'
import { type Authorizer, developmentPage } from '@bailiwick/client'
import { demanding, type Middleware } from './middleware.js'
import { routesOf } from './routes/routes-of.js'

/**
 * A page for development: the routes of an application and what they demand, its last hundred decisions, and why. It
 * answers at this machine only, and is not there where `NODE_ENV` is `production`.
 *
 * @example
 * app.get('/__authz', authzPage(app, authz))
 */
export function authzPage(app: unknown, authorizer: Authorizer): Middleware {
  const page = developmentPage(authorizer, () =>
    routesOf(app).map(({ method, path, guards }) => ({
      method,
      path,
      requirements: guards.map(({ requirement }) => requirement),
    })),
  )
  return demanding({ kind: 'public' }, (req, res, next) => {
    const answer = page?.answer(pageRequestOf(req))
    if (answer === undefined) {
      next()
      return
    }
    res.writeHead(answer.status, answer.headers)
    res.end(answer.body)
  })
}

function pageRequestOf({ socket, headers }: IncomingMessage) {
  return { remoteAddress: socket.remoteAddress, host: headers.host, accept: headers.accept }
}
