import type { Authorizer } from '@bailiwick/client'
import { parseName } from '@bailiwick/core'
import {
  assertGuarded,
  NotFound,
  open,
  param,
  problems,
  requirePermission,
  requireSession,
  session,
} from '@bailiwick/express'
import { Catalog } from '@bailiwick-examples/product'
import express, { type Express } from 'express'

/**
 * The product as an Express application.
 *
 * @throws {Misconfigured} when a route is not guarded: at start, and not when somebody finds it.
 */
export function createApp(authz: Authorizer): Express {
  const catalog = new Catalog()
  const app = express()

  // Above `session()`, so that a probe with a stale token is still answered.
  app.get('/health', open(), (_req, res) => {
    res.json({ status: 'ok' })
  })

  app.use(session(authz))
  app.use(express.json())

  app.get('/me', requireSession(), (req, res) => {
    const { session } = req.authz
    res.json({
      userId: session?.userId,
      organizationId: session?.organizationId,
      // For the menu: what the token says, without asking anybody. The route below is what guards.
      mayManageBilling: req.authz.has('billing:manage'),
    })
  })

  // `tenantScoped`: this handler looks within the session's organization, so a token alone may answer.
  app.get(
    '/projects/:id',
    requirePermission('project:view', { resource: param('id'), tenantScoped: true }),
    (req, res) => {
      res.json(found(catalog.findProject(req.authz.session?.organizationId, req.params.id)))
    },
  )

  app.patch('/projects/:id', requirePermission('project:edit', { resource: param('id') }), (req, res) => {
    const name = parseName(req.body?.name)
    res.json(found(catalog.renameProject(req.authz.session?.organizationId, req.params.id, name)))
  })

  // `conceal`: a denial is the same 404 as a project that does not exist.
  app.get(
    '/projects/:id/secrets',
    requirePermission('project:edit', { resource: param('id'), conceal: true }),
    (req, res) => {
      const project = found(catalog.findProject(req.authz.session?.organizationId, req.params.id))
      res.json({ project: project.id, secrets: ['the launch date'] })
    },
  )

  app.get('/apps/:id', requirePermission('app:view', { resource: param('id') }), (req, res) => {
    res.json(found(catalog.findApp(req.authz.session?.organizationId, req.params.id)))
  })

  app.post('/apps/:id/deploys', requirePermission('app:deploy', { resource: param('id') }), (req, res) => {
    res.status(201).json(found(catalog.deployApp(req.authz.session?.organizationId, req.params.id)))
  })

  // No path parameter: about the whole organization.
  app.get('/billing', requirePermission('billing:manage'), (req, res) => {
    res.json({ organizationId: req.authz.session?.organizationId, plan: 'team' })
  })

  app.use((_req, _res, next) => next(new NotFound()))
  app.use(problems())
  assertGuarded(app, authz)
  return app
}

function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new NotFound()
  return value
}
