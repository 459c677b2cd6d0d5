import type { Server } from 'node:http'
import { param, problems, requirePermission, session } from '@bailiwick/express'
import express, { type RequestHandler } from 'express'
import type { RouteWorld } from './world.js'

/** The routes of the bench without anything before them. */
export function bareExpress(): Server {
  return listening((app) => {
    app.get('/projects', answer)
    app.get('/projects/:id', answer)
  })
}

/** What any guard costs at the least: middleware for the session, and middleware on the route, that do nothing. */
export function idleExpress(): Server {
  const next: RequestHandler = (_request, _response, next) => next()
  return listening((app) => {
    app.use(next)
    app.get('/projects', next, answer)
    app.get('/projects/:id', next, answer)
  })
}

export function guardedExpress({ authz }: RouteWorld): Server {
  return listening((app) => {
    app.use(session(authz))
    app.get('/projects', requirePermission('project:list'), answer)
    app.get('/projects/:id', requirePermission('project:view', { resource: param('id') }), answer)
    app.use(problems())
  })
}

/** What handles every request of the bench. */
export const answer: RequestHandler = (_request, response) => void response.json({ ok: true })

/** An application that listens on a port of its own. */
export function listening(routes: (app: express.Express) => void): Server {
  const app = express()
  routes(app)
  return app.listen(0, '127.0.0.1')
}
