import {
  type AuthorizationPluginOptions,
  any,
  authorization,
  body,
  formatRoutes,
  type Guard,
  NotFound,
  open,
  param,
  requirePermission,
  requireSession,
} from '@bailiwick/fastify'
import { testEngine } from '@bailiwick/testing'
import fastify, { type FastifyInstance } from 'fastify'
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { openOtherProduct } from './other-product.js'
import { model, openProduct, type Product } from './product.js'
import { fastifyApp } from './stacks/fastify-app.js'

let product: Product
let app: FastifyInstance
let handled: number
beforeAll(async () => {
  product = await openProduct()
})
beforeEach(() => {
  app = fastify()
  handled = 0
})

const handler = async () => ({ handled: ++handled })
const editOnId = requirePermission('project:edit', { resource: param('id') })

async function guarded(options: Partial<AuthorizationPluginOptions> = {}): Promise<FastifyInstance> {
  await app.register(authorization, { authorizer: product.authorizer, ...options })
  return app
}

async function ask(url: string, as?: keyof Product['tokens'], method: 'GET' | 'HEAD' | 'POST' = 'GET') {
  const headers = as === undefined ? {} : { authorization: `Bearer ${product.tokens[as]}` }
  return app.inject({ url, method, headers })
}

describe('an application that is not guarded does not start', () => {
  async function starting(build: (app: FastifyInstance) => unknown): Promise<unknown> {
    app = fastify()
    await guarded()
    build(app)
    return app.ready()
  }

  test('the whole application of these tests is, and prints its table', async () => {
    let table = ''
    const serving = {
      onRoutes: (routes: Parameters<typeof formatRoutes>[0]) => (table = formatRoutes(routes)),
    }
    const whole = await fastifyApp({ authorizer: product.authorizer, ...serving }, [])
    await whole.ready()
    expect(table.split('\n').slice(0, 5)).toEqual([
      'GET     /public                  public',
      'GET     /me                      a session',
      'GET     /admin/secret            billing:manage on the organization',
      'GET     /projects                project:view on the organization',
      "GET     /projects/:id            project:view on param('id')",
    ])
  })

  test('with a route that nobody has guarded', async () => {
    await expect(starting((app) => app.get('/a', handler))).rejects.toThrow(
      '`GET /a` has no guard: add `preHandler: requirePermission(…)`, `requireSession()`, or `open()`',
    )
    for (const preHandler of [requireSession(), requirePermission('project:view'), open()]) {
      await expect(starting((app) => app.get('/a', { preHandler }, handler))).resolves.toBeDefined()
    }
  })

  test.each(['preParsing', 'preSerialization', 'onSend', 'onResponse', 'onError'])(
    'with a guard in the hook %s, where no guard can stand or which runs behind the handler',
    async (hook) => {
      const late = (app: FastifyInstance) => app.get('/a', { [hook]: requireSession() }, handler)
      await expect(starting(late)).rejects.toThrow('`GET /a` has no guard')
    },
  )

  test('unless a guard stands on an instance around it, and not on one beside it', async () => {
    const inside = (app: FastifyInstance) =>
      app.register(async (admin) => {
        admin.get('/a', handler)
        admin.addHook('onRequest', requireSession())
        admin.register(async (deeper) => deeper.get('/b', handler))
      })
    await expect(starting(inside)).resolves.toBeDefined()
    const beside = (app: FastifyInstance) => inside(app).get('/c', handler)
    await expect(starting(beside)).rejects.toThrow(/guarded:\n- `GET \/c` has no guard[^\n]*$/)
  })

  test('with a guard that does not say which resource, or looks for what is not there', async () => {
    const preHandler = requirePermission('project:edit')
    await expect(starting((app) => app.get('/projects/:id', { preHandler }, handler))).rejects.toThrow(
      "does not say which project it guards: add `resource: param('id')`",
    )
    await expect(
      starting((app) => app.get('/projects/:projectId', { preHandler: editOnId }, handler)),
    ).rejects.toThrow("looks for param('id')")
    await expect(
      starting((app) => app.get('/a', { preHandler: requirePermission('project:edt') }, handler)),
    ).rejects.toThrow('did you mean `project:edit`?')
  })

  test('with a guard that reads the body before there is one', async () => {
    const guard = requirePermission('project:edit', { resource: body('id') })
    await expect(starting((app) => app.post('/a', { onRequest: guard }, handler))).rejects.toThrow(
      '`POST /a` is guarded before its body is read',
    )
    await expect(starting((app) => app.post('/a', { preValidation: guard }, handler))).resolves.toBeDefined()
  })

  test('with a HEAD of its own beside a guarded GET', async () => {
    const build = (app: FastifyInstance) => {
      app.head('/a', handler)
      app.get('/a', { preHandler: requireSession() }, handler)
    }
    await expect(starting(build)).rejects.toThrow('`HEAD /a` has no guard')
  })

  test('with routes that were there before the plugin', async () => {
    app.get('/early', handler)
    await expect(guarded()).rejects.toThrow('before the first route')
  })

  test('and is only warned where it says so', async () => {
    const lines: string[] = []
    app = fastify({ logger: { stream: { write: (line: string) => lines.push(line) } } })
    await guarded({ unguarded: 'warn' })
    app.get('/a', handler)
    await app.ready()
    expect(lines.join('\n')).toContain('`GET /a` has no guard')
  })
})

describe('routes of other plugins', () => {
  test('can be said to be open by their names; a name that no route has is refused', async () => {
    app.options('*', handler)
    await guarded({ open: ['OPTIONS *'] })
    app.options('/a', handler)
    await expect(app.ready()).rejects.toThrow('`OPTIONS /a` has no guard')
    app = fastify()
    await guarded({ open: ['GET /nowhere'] })
    await expect(app.ready()).rejects.toThrow('`GET /nowhere` is said to be open, and is no route')
  })

  test('that were there before it are 500 unless they are named', async () => {
    app.options('*', handler)
    app.get('/early', handler)
    app.route({ method: ['GET', 'POST'], url: '/both', handler })
    await guarded({ open: ['OPTIONS *', 'GET /both'] })
    expect((await ask('/early', 'editor')).statusCode).toBe(500)
    expect((await app.inject({ url: '/x', method: 'OPTIONS' })).statusCode).toBe(200)
    expect((await ask('/both', 'editor')).statusCode).toBe(200)
    expect((await ask('/both', 'editor', 'POST')).statusCode).toBe(500)
    expect(handled).toBe(2)
  })

  test('beside it, in an instance of their own, are not its business', async () => {
    app.get('/webhooks', handler)
    app.register(async (api) => {
      await api.register(authorization, { authorizer: product.authorizer })
      api.get('/me', { preHandler: requireSession() }, handler)
    })
    const headers = { authorization: 'Basic abc' }
    expect((await app.inject({ url: '/webhooks', headers })).statusCode).toBe(200)
    expect((await app.inject({ url: '/me', headers })).statusCode).toBe(401)
  })
})

describe('the application keeps its own', () => {
  test('prefixes and types', async () => {
    await guarded()
    app.register(
      async (api) => {
        api.get('/', { preHandler: requireSession() }, handler)
        api.get<{ Params: { id: string }; Reply: { id: string } }>(
          '/projects/:id',
          { preHandler: [requireSession(), editOnId] },
          async ({ params }) => ({ id: params.id }),
        )
      },
      { prefix: '/api' },
    )
    for (const path of ['/api', '/api/']) {
      expect([(await ask(path, 'editor')).statusCode, (await ask(path)).statusCode], path).toEqual([200, 401])
    }
    expect((await ask('/api/projects/web', 'editor')).json()).toEqual({ id: 'web' })
    const http2 = fastify({ http2: true })
    await http2.register(authorization, { authorizer: product.authorizer })
    http2.get('/projects/:id', { preHandler: editOnId }, handler)
    await http2.ready()
  })

  test('what fails with nothing lets nobody on', async () => {
    const fail = () => Promise.reject(undefined)
    await guarded()
    const preHandler = requirePermission('project:edit', { resource: fail })
    app.get('/projects/:id', { preHandler }, handler)
    expect((await ask('/projects/app', 'editor')).statusCode).toBe(500)
    app = fastify()
    await guarded({ token: fail })
    app.get('/a', { preHandler: open() }, handler)
    expect((await ask('/a', 'editor')).statusCode).toBe(500)
    expect(handled).toBe(0)
  })

  test('error handler, whenever it is set: refusals are problems, and all else is its', async () => {
    app.setErrorHandler((_error, _request, reply) => reply.code(418).send('mine'))
    await guarded()
    app.get('/bug', { preHandler: open() }, async () => {
      throw new Error('a bug')
    })
    app.get('/gone', { preHandler: open() }, async () => {
      throw new NotFound()
    })
    app.get('/a', { preHandler: requireSession() }, handler)
    app.get(
      '/own',
      { preHandler: requireSession(), errorHandler: (_error, _request, reply) => reply.code(419).send() },
      async () => {
        throw new Error('a bug')
      },
    )
    expect((await ask('/bug')).body).toBe('mine')
    expect((await ask('/gone')).json()).toMatchObject({ code: 'not_found' })
    expect((await ask('/a')).headers['content-type']).toContain('application/problem+json')
    expect((await ask('/own')).statusCode).toBe(401)
    expect((await ask('/own', 'editor')).statusCode).toBe(419)
    expect((await ask('/nowhere', 'expired')).statusCode).toBe(418)
  })

  test('schemas: neither of responses nor of bodies gets in the way', async () => {
    await guarded()
    const response = { 403: { type: 'object', properties: { only: { type: 'string' } } } }
    app.get('/projects/:id', { schema: { response }, preHandler: editOnId }, handler)
    const params = { type: 'object', properties: { id: { type: 'integer' } } }
    app.get('/numbers/:id', { schema: { params }, preValidation: editOnId }, handler)
    expect((await ask('/projects/app', 'editor')).json()).toMatchObject({ code: 'access_denied' })
    expect((await ask('/numbers/7', 'editor')).statusCode).toBe(403)
  })

  test('headers: a handler may let its answer be kept', async () => {
    await guarded()
    app.get('/a', { preHandler: requireSession() }, async (_request, reply) => {
      reply.header('cache-control', 'private, max-age=60')
      return {}
    })
    app.addHook('onRequest', async (request, reply) => {
      if (request.url === '/b') reply.header('cache-control', 'private, max-age=30')
    })
    for (const path of ['/b', '/c']) app.get(path, { preHandler: requireSession() }, handler)
    const said = async (path: string) => (await ask(path, 'editor')).headers['cache-control']
    expect([await said('/a'), await said('/b'), await said('/c')]).toEqual([
      'private, max-age=60',
      'private, max-age=30',
      'private, no-store',
    ])
  })

  test('answer where no route is: a refusal there has its status, its challenge and what caches go by', async () => {
    await guarded({ cookie: 'session' })
    app.setNotFoundHandler({ preHandler: requireSession() }, async (_request, reply) => {
      reply.code(404)
      return handler()
    })
    expect((await ask('/nowhere', 'editor')).statusCode).toBe(404)
    const refused = await ask('/nowhere')
    expect([refused.statusCode, refused.headers['www-authenticate']]).toEqual([401, 'Bearer'])
    const authorization = 'Basic abc'
    const unread = await app.inject({ url: '/nowhere', headers: { authorization } })
    expect([unread.statusCode, unread.headers.vary]).toEqual([401, 'Authorization, Cookie'])
    expect((await ask('/nowhere', 'forged')).statusCode).toBe(401)
    expect(handled).toBe(1)
    app = fastify()
    await guarded()
    app.setNotFoundHandler({ preHandler: requirePermission('billing:manage') }, async () => handler())
    expect([
      (await ask('/nowhere', 'biller')).statusCode,
      (await ask('/nowhere', 'editor')).statusCode,
    ]).toEqual([200, 403])
    expect(handled).toBe(2)
  })
})

describe('a request', () => {
  test('with a token that was verified before, and no longer or never holds, is 401 where no route is', async () => {
    const { authz, tokenFor, travel, close } = await testEngine({
      model,
      organizations: { acme: { people: { ada: {} } } },
    })
    onTestFinished(close)
    app.addHook('onRequest', async ({ raw, url }) => {
      if (url === '/twice') raw.rawHeaders.push('Authorization', 'Bearer other')
    })
    await guarded({ authorizer: authz })
    const nowhere = async (token: string, url = '/nowhere') => {
      const headers = { authorization: `Bearer ${token}` }
      return (await app.inject({ url, headers })).statusCode
    }
    const token = await tokenFor('ada')
    const agents = await tokenFor('ada', { actors: ['scribe'] })
    expect([await nowhere(token), await nowhere(token)]).toEqual([404, 404])
    expect(await nowhere(token, '/twice')).toBe(401)
    expect([await nowhere(agents), await nowhere(agents)]).toEqual([401, 401])
    travel(600_000)
    expect(await nowhere(token)).toBe(401)
  })

  test('carries what is known of it for handlers, which no other plugin can put there', async () => {
    app.addHook('onRequest', async (request) => {
      expect(() => Object.assign(request, { authz: { session: { userId: 'root' } } })).toThrow()
    })
    await guarded()
    app.get('/projects/:id', { preHandler: editOnId }, async ({ authz }) => ({
      user: authz.session?.userId,
      asked: authz.enforced.map(({ permission, decidedBy }) => [permission, decidedBy]),
    }))
    expect((await ask('/projects/web', 'editor')).json()).toEqual({
      user: 'editor',
      asked: [['project:edit', 'engine']],
    })
    expect((await ask('/projects/web')).statusCode).toBe(401)
  })

  test('may have its token from another plugin', async () => {
    await guarded({ token: async () => product.tokens.biller })
    app.get('/a', { preHandler: requireSession() }, async ({ authz }) => ({ user: authz.session?.userId }))
    const { headers, body: text } = await ask('/a', 'editor')
    expect([text, headers.vary]).toEqual(['{"user":"biller"}', 'Authorization, Cookie'])
  })

  test('of each method of a route is let on to it', async () => {
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('vary', 'Origin')
    })
    await guarded()
    app.route({ method: ['GET', 'POST'], url: '/a', preHandler: requireSession(), handler })
    for (const method of ['GET', 'POST'] as const) {
      expect([
        (await ask('/a', 'editor', method)).statusCode,
        (await ask('/a', undefined, method)).statusCode,
      ]).toEqual([200, 401])
    }
    expect((await ask('/a', 'editor')).headers.vary).toBe('Origin, Authorization')
  })

  test('of HEAD is decided like GET', async () => {
    await guarded()
    app.get('/projects/:id', { preHandler: editOnId }, handler)
    expect((await ask('/projects/app', 'editor', 'HEAD')).statusCode).toBe(403)
    expect((await ask('/projects/web', 'editor', 'HEAD')).statusCode).toBe(200)
    expect(handled).toBe(1)
  })

  test('that meets a guard where nobody could look at start is held to its own path', async () => {
    const viewing = requirePermission('project:view')
    const unseen: Guard = (request, reply, done) => viewing(request, reply, done)
    await guarded()
    app.get('/projects', { preHandler: [requireSession(), unseen] }, handler)
    app.get('/projects/:id', { preHandler: [requireSession(), unseen] }, handler)
    expect((await ask('/projects', 'wide')).statusCode).toBe(200)
    expect((await ask('/projects/app', 'wide')).statusCode).toBe(500)
    expect(handled).toBe(1)
  })

  test('of one application is held to its own model, whatever models the guard has met before', async () => {
    const unseen: Guard = (request, reply, done) => both(request, reply, done)
    const both = requirePermission(any('project:edit', 'workspace:manage'), { resource: param('id') })
    const other = await openOtherProduct()
    onTestFinished(() => other.close())
    const theirs = fastify()
    for (const [each, authorizer] of [
      [theirs, other.authz],
      [app, product.authorizer],
    ] as const) {
      await each.register(authorization, { authorizer })
      each.get('/things/:id', { preHandler: [requireSession(), unseen] }, handler)
    }
    const headers = { authorization: `Bearer ${await other.tokenFor('ada')}` }
    expect((await theirs.inject({ url: '/things/web', headers })).statusCode).toBe(200)
    // Here they are things of two types, and one id would be read as either.
    expect((await ask('/things/web', 'editor')).statusCode).toBe(500)
    expect(handled).toBe(1)
  })

  test('that meets a guard without the plugin is 500, and the handler never runs', async () => {
    app.get('/a', { preHandler: requireSession() }, handler)
    expect((await ask('/a', 'editor')).statusCode).toBe(500)
    expect(handled).toBe(0)
  })
})
