import {
  all,
  any,
  authorization,
  body,
  header,
  NotFound,
  open,
  type PermissionOptions,
  param,
  permission,
  query,
  requirePermission,
  requireSession,
} from '@bailiwick/fastify'
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import type { Serving } from './stack.js'

/** The application of these tests, for Fastify. */
export async function fastifyApp(serving: Serving, handled: string[]): Promise<FastifyInstance> {
  const app = fastify({ forceCloseConnections: true })
  await app.register(authorization, serving)

  const handler = (name: string) => async (request: FastifyRequest) => {
    handled.push(name)
    return { handler: name, user: request.authz.session?.userId ?? null }
  }
  const onId = { resource: param('id') }
  const requires = (
    term: Parameters<typeof requirePermission>[0],
    options: PermissionOptions<FastifyRequest>,
  ) => ({ preHandler: requirePermission(term, options) })

  app.get('/public', { onRequest: open() }, handler('public'))
  app.get('/me', { onRequest: requireSession() }, handler('me'))
  app.get('/admin/secret', { onRequest: requirePermission('billing:manage') }, handler('secret'))
  app.get('/projects', requires('project:view', { scope: 'organization' }), handler('list'))
  app.get('/projects/:id', requires('project:view', { ...onId, conceal: true }), handler('view'))
  app.patch('/projects/:id', requires('project:edit', onId), handler('edit'))
  app.delete('/projects/:id', requires('project:delete', onId), handler('delete'))
  app.put('/projects/:id', requires('project:edit', { ...onId, tenantScoped: true }), handler('put'))
  app.get('/fresh/:id', requires('project:edit', { ...onId, fresh: true }), handler('fresh'))
  app.get('/kept', { preHandler: requireSession() }, async (_request, reply) => {
    reply.header('cache-control', 'public, max-age=60')
    return { handler: 'kept' }
  })
  app.get('/recent', requires('billing:manage', { stepUp: { maxAgeSec: 300 } }), handler('recent'))
  app.get(
    '/strong',
    { preHandler: requireSession({ stepUp: { acr: ['mfa', 'phishing-resistant'] } }) },
    handler('strong'),
  )
  app.post(
    '/moves',
    { preValidation: requirePermission('project:edit', { resource: body('projectId') }) },
    handler('move'),
  )
  app.post('/moves/:id', requires('project:edit', { resource: body('id') }), handler('moveOne'))
  app.get('/search', requires('project:view', { resource: query('id') }), handler('search'))
  app.get('/named', requires('project:view', { resource: header('x-project') }), handler('named'))
  app.get(
    '/orgs/:org/projects/:id',
    requires('project:view', { resource: param('id', { organization: param('org') }) }),
    handler('ofOrganization'),
  )
  app.get('/ids/:id', requires('project:view', { resource: param('id', { as: 'id' }) }), handler('byOurId'))
  app.get('/either/:id', requires(any('project:delete', 'project:edit'), onId), handler('either'))
  app.get('/both/:id', requires(all('project:view', 'project:edit'), onId), handler('both'))
  app.get(
    '/mixed/:id',
    requires(any(permission('billing:manage', { scope: 'organization' }), 'project:edit'), onId),
    handler('mixed'),
  )
  app.get(
    '/found/:id',
    requires('project:view', {
      resource: async ({ params }) => ({ type: 'project', externalId: String(params.id).slice(2) }),
    }),
    handler('found'),
  )
  app.get('/breaks', { preHandler: requireSession() }, async (_request, reply) => {
    handled.push('breaks')
    // Fastify cuts the connection off at an error: what is to be seen must have left before.
    await new Promise((resolve) => reply.raw.write('the first half', resolve))
    throw new NotFound()
  })
  return app
}
