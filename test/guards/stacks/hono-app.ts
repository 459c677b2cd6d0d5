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
} from '@bailiwick/hono'
import { type Context, Hono } from 'hono'
import type { Serving } from './stack.js'

/** The application of these tests, for Hono. */
export function honoApp(serving: Serving, handled: string[]): Hono {
  const { authorizer, cookie } = serving
  const app = new Hono()
  app.use(session(authorizer, cookie === undefined ? {} : { cookie }))

  const handler = (name: string) => (c: Context) => {
    handled.push(name)
    return c.json({ handler: name, user: c.var.authz.session?.userId ?? null })
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
  app.get('/kept', requireSession(), (c) => {
    c.header('cache-control', 'public, max-age=60')
    return c.json({ handler: 'kept' })
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
      resource: async ({ native }) => ({
        type: 'project',
        externalId: String(native.req.param('id')).slice(2),
      }),
    }),
    handler('found'),
  )
  app.get('/breaks', requireSession(), (c) => {
    handled.push('breaks')
    return c.body(breakingOff())
  })
  if (serving.developmentPage) app.get('/__authz', authzPage(app, authorizer))
  app.onError(problems(serving.problems))
  app.notFound(() => {
    throw new NotFound()
  })
  return app
}

/** Not at once: the server looks at the first pieces of an answer before it says that there is one. */
function breakingOff(): ReadableStream {
  let pieces = 0
  return new ReadableStream({
    pull: async (stream) => {
      await new Promise((resolve) => setImmediate(resolve))
      pieces += 1
      if (pieces < 5) stream.enqueue(new TextEncoder().encode(pieces === 1 ? 'the first half' : ' '))
      else stream.error(new NotFound())
    },
  })
}
