import {
  all,
  any,
  authzPage,
  body,
  header,
  NotFound,
  open,
  param,
  permission,
  problems,
  query,
  requirePermission,
  requireSession,
  session,
} from '@bailiwick/express'
import type express from 'express'
import type { Express, Request, Response } from 'express'
import type { Serving } from './stack.js'

/** The application of these tests, for Express 4 and 5. */
export function expressApp(factory: typeof express, serving: Serving, handled: string[]): Express {
  const { authorizer, cookie } = serving
  const app = factory()
  app.disable('x-powered-by')
  app.use(factory.json())
  app.use(session(authorizer, cookie === undefined ? {} : { cookie }))

  const handler = (name: string) => (req: Request, res: Response) => {
    handled.push(name)
    res.json({ handler: name, user: req.authz.session?.userId ?? null })
  }
  const onId = { resource: param('id') }

  app.get('/public', open(), handler('public'))
  app.get('/me', requireSession(), handler('me'))
  app.get('/admin/secret', requirePermission('billing:manage'), handler('secret'))
  app.get('/projects', requirePermission('project:view', { scope: 'organization' }), handler('list'))
  app.get('/projects/:id', requirePermission('project:view', { ...onId, conceal: true }), handler('view'))
  app.patch('/projects/:id', requirePermission('project:edit', onId), handler('edit'))
  app.delete('/projects/:id', requirePermission('project:delete', onId), handler('delete'))
  app.put('/projects/:id', requirePermission('project:edit', { ...onId, tenantScoped: true }), handler('put'))
  app.get('/fresh/:id', requirePermission('project:edit', { ...onId, fresh: true }), handler('fresh'))
  app.get('/kept', requireSession(), (_req, res) => {
    res.set('cache-control', 'public, max-age=60').json({ handler: 'kept' })
  })
  app.get('/recent', requirePermission('billing:manage', { stepUp: { maxAgeSec: 300 } }), handler('recent'))
  app.get('/strong', requireSession({ stepUp: { acr: ['mfa', 'phishing-resistant'] } }), handler('strong'))
  app.post('/moves', requirePermission('project:edit', { resource: body('projectId') }), handler('move'))
  app.post('/moves/:id', requirePermission('project:edit', { resource: body('id') }), handler('moveOne'))
  app.get('/search', requirePermission('project:view', { resource: query('id') }), handler('search'))
  app.get('/named', requirePermission('project:view', { resource: header('x-project') }), handler('named'))
  app.get(
    '/orgs/:org/projects/:id',
    requirePermission('project:view', { resource: param('id', { organization: param('org') }) }),
    handler('ofOrganization'),
  )
  app.get(
    '/ids/:id',
    requirePermission('project:view', { resource: param('id', { as: 'id' }) }),
    handler('byOurId'),
  )
  app.get('/either/:id', requirePermission(any('project:delete', 'project:edit'), onId), handler('either'))
  app.get('/both/:id', requirePermission(all('project:view', 'project:edit'), onId), handler('both'))
  app.get(
    '/mixed/:id',
    requirePermission(any(permission('billing:manage', { scope: 'organization' }), 'project:edit'), onId),
    handler('mixed'),
  )
  app.get(
    '/found/:id',
    requirePermission('project:view', {
      resource: async ({ native }) => ({ type: 'project', externalId: String(native.params.id).slice(2) }),
    }),
    handler('found'),
  )
  app.get('/breaks', requireSession(), (_req, res) => {
    handled.push('breaks')
    res.write('the first half')
    throw new NotFound()
  })
  if (serving.developmentPage) app.get('/__authz', authzPage(app, authorizer))
  app.use(problems(serving.problems))
  return app
}
