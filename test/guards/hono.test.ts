import {
  any,
  assertGuarded,
  body,
  formatRoutes,
  header,
  type LocatorFunction,
  NotFound,
  open,
  type ProblemsOptions,
  param,
  problems,
  query,
  requirePermission,
  requireSession,
  session,
} from '@bailiwick/hono'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { openOtherProduct } from './other-product.js'
import { openProduct, type Person, type Product } from './product.js'
import { honoApp } from './stacks/hono-app.js'

let product: Product
let app: Hono
let handled: number
beforeAll(async () => {
  product = await openProduct()
})
beforeEach(() => {
  app = new Hono()
  handled = 0
})

const handler = (c: Context) => c.json({ handled: ++handled })
const editOnId = requirePermission('project:edit', { resource: param('id') })

/** As Hono's users test: without a server. */
async function ask(path: string, as?: keyof Product['tokens'], init: RequestInit = {}) {
  const headers = new Headers(init.headers)
  if (as !== undefined) headers.set('authorization', `Bearer ${product.tokens[as]}`)
  return app.request(path, { ...init, headers })
}

describe('an application that is not guarded', () => {
  const check = (build: (app: Hono) => unknown, options: Parameters<typeof assertGuarded>[2] = {}) => {
    const made = new Hono()
    build(made)
    return formatRoutes(assertGuarded(made, product.authorizer, options))
  }

  test('is not the whole one of these tests, which prints its table', () => {
    const whole = honoApp({ authorizer: product.authorizer }, [])
    expect(formatRoutes(assertGuarded(whole, product.authorizer)).split('\n').slice(0, 5)).toEqual([
      'GET     /public                  public',
      'GET     /me                      a session',
      'GET     /admin/secret            billing:manage on the organization',
      'GET     /projects                project:view on the organization',
      "GET     /projects/:id            project:view on param('id')",
    ])
  })

  test('is refused with what to add; a session, a permission or `open()` will do', () => {
    expect(() => check((app) => app.get('/a', handler))).toThrow(
      '`GET /a` has no guard before its handler: add `requirePermission(…)`, `requireSession()`, or `open()`',
    )
    for (const guard of [requireSession(), requirePermission('project:view'), open()]) {
      expect(() => check((app) => app.get('/a', guard, handler))).not.toThrow()
    }
    const warnings: string[] = []
    check((app) => app.get('/a', handler), { unguarded: 'warn', warn: (line) => warnings.push(line) })
    expect(warnings).toHaveLength(1)
  })

  test('has a guard behind the handler, or for another method', () => {
    expect(() => check((app) => app.get('/a', handler).get('/a', requireSession()))).toThrow('no guard')
    expect(() => check((app) => app.get('/a', handler).use(requireSession()))).toThrow('no guard')
    expect(() => check((app) => app.post('/a', requireSession()).get('/a', handler))).toThrow('`GET /a`')
    expect(() => check((app) => app.get('/a', requireSession()).all('/a', handler))).toThrow('`* /a`')
    expect(() => check((app) => app.all('/a', requireSession()).get('/a', handler))).not.toThrow()
  })

  test.each([
    [
      '/admin/*',
      ['/admin', '/admin/users', '/admin/users/:id'],
      ['/', '/administrators', '/ADMIN/users', '/*'],
    ],
    ['/:org/*', ['/acme', '/:id/users'], ['/', '/:org?/users', '/*']],
    ['/:org', ['/:id', '/acme'], ['/a*', '/:id/*']],
    ['/*/*', ['/*/*'], ['/:id/*', '/a/b']],
    ['/a/:id', ['/a/:id', '/a/b'], ['/a', '/a/b/c', '/a/*', '/a/:id?', '/a/:rest{.+}']],
    ['/a/:id{[0-9]+}', ['/a/:id{[0-9]+}'], ['/a/7', '/a/:id']],
    ['/:path{.+}/:id', ['/:path{.+}/:id'], ['/:path{.+}/edit']],
    ['/:path{.+}/:id/*', ['/:path{.+}/:id/edit'], ['/:path{.+}/edit']],
    ['/:path{.+}/edit/*', ['/:path{.+}/edit'], ['/:path{.+}/view']],
    ['/a/:id?/*', [], ['/a/:id?/b', '/a/b']],
    ['*', ['/', '/a', '/*', '/a/:id?'], []],
  ])('has a guard on %s, which covers what it covers', async (path, covered, others) => {
    const on = (route: string) => (app: Hono) =>
      app.use(path, requirePermission('billing:manage', { scope: 'organization' })).get(route, handler)
    for (const route of covered) expect(() => check(on(route)), route).not.toThrow()
    for (const route of others) expect(() => check(on(route)), route).toThrow('no guard')
    for (const route of covered.filter((each) => !/[:*]/.test(each))) {
      app = new Hono()
      app.use(session(product.authorizer))
      on(route)(app)
      expect((await ask(route, 'editor')).status, route).toBe(403)
    }
  })

  test('has handlers that take more than the context, where nothing else could answer', () => {
    const both: MiddlewareHandler = async (c, _next) => handler(c)
    expect(() => check((app) => app.get('/a', both))).toThrow('`GET /a` has no guard')
    expect(check((app) => app.get('/a', requireSession(), both, both))).toBe('GET  /a  a session')
    expect(check((app) => app.get('/a', both, requireSession(), handler))).toBe('GET  /a  a session')
    expect(check((app) => app.get('*', both).use('/a', both))).toBe('')
    expect(check((app) => app.get('/a', requireSession(), both).get('/b', open(), handler))).toBe(
      'GET  /a  a session\nGET  /b  public',
    )
    expect(check((app) => app.get('/a', requireSession(), both).post('/a', open(), handler))).toBe(
      'GET   /a  a session\nPOST  /a  public',
    )
    expect(check((app) => app.get('/a', both, requireSession(), both, requireSession()))).toBe(
      'GET  /a  a session',
    )
    // A guard answers nobody who may.
    expect(check((app) => app.get('/a', requireSession()))).toBe('')
  })

  test('may be made of several, also where one has an error handler of its own', () => {
    const inner = () =>
      new Hono().onError((_error, c) => c.text('mine')).get('/users', requireSession(), handler)
    expect(check((app) => app.route('/admin', inner()))).toBe('GET  /admin/users  a session')
    const bare = new Hono().onError((_error, c) => c.text('mine')).get('/users', handler)
    expect(() => check((app) => app.route('/admin', bare))).toThrow('GET /admin/users')
    expect(() => check((app) => app.use('/admin/*', requireSession()).route('/admin', bare))).not.toThrow()
    const deeper = new Hono().onError((_error, c) => c.text('ours')).route('/deep', inner())
    expect(check((app) => app.route('/admin', deeper))).toBe('GET  /admin/deep/users  a session')
    const deeperBare = new Hono().onError((_error, c) => c.text('ours')).route('/deep', bare)
    expect(() => check((app) => app.route('/admin', deeperBare))).toThrow('GET /admin/deep/users')
  })

  test('has guards that do not say which resource, look for what is not there, or are mistyped', () => {
    const unsaid = requirePermission('project:edit')
    expect(() => check((app) => app.patch('/projects/:id', unsaid, handler))).toThrow(
      "add `resource: param('id')`",
    )
    expect(() => check((app) => app.get('/files/*', unsaid, handler))).toThrow('does not say which')
    const onRest = requirePermission('project:edit', { resource: param('*') })
    expect(() => check((app) => app.get('/files/*', onRest, handler))).toThrow("looks for param('*')")
    expect(() => check((app) => app.patch('/projects/:projectId', editOnId, handler))).toThrow(
      "looks for param('id')",
    )
    expect(() => check((app) => app.use('/projects/*', editOnId).get('/projects/:id', handler))).toThrow(
      "looks for param('id')",
    )
    expect(() => check((app) => app.get('/a', requirePermission('project:edt'), handler))).toThrow(
      'did you mean `project:edit`?',
    )
    const two = requirePermission(any('project:edit', 'workspace:manage'), { resource: param('id') })
    expect(() => check((app) => app.get('/a/:id', two, handler))).toThrow('would be read as a `project`')
  })
})

describe('a locator of the body', () => {
  const post = (payload: string, type = 'application/json') =>
    ask('/moves', 'editor', { method: 'POST', body: payload, headers: { 'content-type': type } })

  beforeEach(() => {
    const guard = requirePermission('project:edit', { resource: body('projectId') })
    app.use(session(product.authorizer))
    app.post('/moves', guard, async (c) => c.json({ read: await c.req.json(), text: await c.req.text() }))
    app.onError(problems())
  })

  test('leaves the body to the handler', async () => {
    const response = await post('{"projectId":"web"}')
    expect(await response.json()).toEqual({ read: { projectId: 'web' }, text: '{"projectId":"web"}' })
    expect((await post('{"projectId":"app"}')).status).toBe(403)
    for (const type of [
      'application/merge-patch+json; charset=utf-8',
      'Application/JSON',
      'application/json ;a=b',
    ]) {
      expect((await post('{"projectId":"web"}', type)).status, type).toBe(200)
    }
  })

  test.each([
    ['is no JSON', '{"projectId":', 'application/json'],
    ['says it is text', '{"projectId":"web"}', 'text/plain'],
    ['says it is something that begins as JSON does', '{"projectId":"web"}', 'application/jsonx'],
    [
      'is a form, and JSON too',
      '{"projectId":"app","a":"&projectId=web&"}',
      'application/x-www-form-urlencoded',
    ],
  ])('finds nothing in one that %s', async (_, payload, type) => {
    expect((await post(payload, type)).status).toBe(400)
  })
})

describe('what names the resource', () => {
  const post = (path: string, payload: object, as?: Person) =>
    ask(path, as, {
      method: 'POST',
      body: JSON.stringify(payload),
      headers: { 'content-type': 'application/json' },
    })
  beforeEach(() => {
    app.use(session(product.authorizer)).onError(problems())
  })

  test('may be a function that reads the body', async () => {
    const named: LocatorFunction<Context> = ({ body }) => {
      const { ids } = body as { readonly ids: readonly [string] }
      return { type: 'project', externalId: ids[0] }
    }
    app.post('/moves', requirePermission('project:edit', { resource: named }), handler)
    expect((await post('/moves', { ids: ['web'] }, 'editor')).status).toBe(200)
    expect((await post('/moves', { ids: ['app'] }, 'editor')).status).toBe(403)
    expect(handled).toBe(1)
  })

  test('may be of the path, and its organization of the body', async () => {
    const resource = param('id', { organization: body('organization') })
    app.post('/projects/:id', requirePermission('project:edit', { resource }), handler)
    expect((await post('/projects/web', { organization: 'org_acme' }, 'wide')).status).toBe(200)
    expect((await post('/projects/web', { organization: 'org_globex' }, 'wide')).status).toBe(403)
    expect((await post('/projects/web', {}, 'wide')).status).toBe(400)
    expect(handled).toBe(1)
  })

  test('is not read for somebody without a session', async () => {
    const read: boolean[] = []
    app.use(async (c, next) => {
      await next()
      read.push(c.req.raw.bodyUsed)
    })
    app.post('/moves', requirePermission('project:edit', { resource: body('id') }), handler)
    expect((await post('/moves', { id: 'web' })).status).toBe(401)
    expect((await post('/moves', { id: 'web' }, 'editor')).status).toBe(200)
    expect(read).toEqual([false, true])
  })
})

describe('without a server', () => {
  beforeEach(() => {
    app.use(session(product.authorizer, { cookie: 'session' })).onError(problems())
  })

  test('two values of a header, a query or a token are still two', async () => {
    app.get('/named', requirePermission('project:view', { resource: header('x-project') }), handler)
    app.get('/search', requirePermission('project:view', { resource: query('id') }), handler)
    const named = (value: string) => ask('/named', 'editor', { headers: { 'x-project': value } })
    expect([(await named('web')).status, (await named('web, web')).status]).toEqual([200, 400])
    expect((await ask('/search?id=web', 'editor')).status).toBe(200)
    expect((await ask('/search?id=web&id=app', 'editor')).status).toBe(400)
    const authorization = `Bearer ${product.tokens.editor}, Bearer ${product.tokens.wide}`
    expect((await app.request('/named', { headers: { authorization } })).status).toBe(401)
    const cookie = `a=1,2; session=${product.tokens.editor}`
    expect((await app.request('/named', { headers: { cookie, 'x-project': 'web' } })).status).toBe(200)
  })
})

describe('a request', () => {
  test('carries what is known of it for handlers, and guards believe nobody else', async () => {
    app.use(async (c, next) => {
      c.set('authz', { session: { userId: 'root' }, enforce: async () => {} } as never)
      await next()
    })
    app.get('/early', requireSession(), handler)
    app.use(session(product.authorizer)).onError(problems({ otherwise: (_error, c) => c.text('mine', 500) }))
    app.get('/projects/:id', editOnId, (c) =>
      c.json([c.var.authz.session?.userId, c.var.authz.enforced.map(({ decidedBy }) => decidedBy)]),
    )
    expect((await ask('/early', 'editor')).status).toBe(500)
    expect(await (await ask('/projects/web', 'editor')).json()).toEqual(['editor', ['engine']])
    expect((await ask('/projects/web')).status).toBe(401)
    expect(handled).toBe(0)
  })

  test('is answered by whom the application says, unless it is refused', async () => {
    app.use(session(product.authorizer)).get('/gone', () => {
      throw new NotFound()
    })
    app.get('/bug', () => {
      throw new Error('a bug')
    })
    app.onError(problems({ otherwise: (_error, c) => c.text('mine', 418) }))
    expect((await ask('/gone')).status).toBe(404)
    expect((await ask('/bug')).status).toBe(418)
  })

  test('may have its token from other middleware, and says what else it depends on', async () => {
    app.use(session(product.authorizer, { token: async () => product.tokens.biller }))
    app.get('/a', requireSession(), (c) => {
      c.header('vary', 'Accept-Language')
      return c.text(c.var.authz.session?.userId ?? '')
    })
    const answer = await ask('/a', 'editor')
    expect([await answer.text(), answer.headers.get('vary')]).toEqual([
      'biller',
      'Accept-Language, Authorization, Cookie',
    ])
  })

  test('is verified once, however often `session()` stands on its way', async () => {
    const read: string[] = []
    const reading = (name: Person) => {
      const token = () => {
        read.push(name)
        return product.tokens[name]
      }
      return session(product.authorizer, { token })
    }
    app.use(reading('editor'))
    app.get('/projects/:id', reading('wide'), editOnId, (c) => c.text(c.var.authz.session?.userId ?? ''))
    expect(await (await ask('/projects/web')).text()).toBe('editor')
    expect((await ask('/projects/app')).status).toBe(403)
    expect(read).toEqual(['editor', 'editor'])
  })

  test('that is refused for its token is refused for the next one by caches, too', async () => {
    app.use(session(product.authorizer, { cookie: 'session' })).get('/a', requireSession(), handler)
    const forged = await ask('/a', 'forged')
    expect([forged.status, forged.headers.get('vary')]).toEqual([401, 'Authorization, Cookie'])
  })

  test('is refused with the same status without `problems()`', async () => {
    app.use(session(product.authorizer)).get('/a', requirePermission('billing:manage'), handler)
    const anonymous = await ask('/a')
    expect([anonymous.status, anonymous.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect((await ask('/a', 'editor')).status).toBe(403)
    expect(handled).toBe(0)
  })

  test('keeps what its handler says of caches, also in a response that cannot be changed', async () => {
    app.use(session(product.authorizer))
    app.get('/kept', requireSession(), (c) => c.text('', 200, { 'cache-control': 'private, max-age=60' }))
    app.get('/foreign', requireSession(), () => Response.redirect('http://localhost/x', 302))
    expect((await ask('/kept', 'editor')).headers.get('cache-control')).toBe('private, max-age=60')
    const foreign = await ask('/foreign', 'editor')
    expect(foreign.headers.get('cache-control')).toBe('private, no-store')
    expect(foreign.headers.get('vary')).toBe('Authorization')
  })

  test('that meets one id for things of two types is 500, whatever models the guard has met before', async () => {
    const both = requirePermission(any('project:edit', 'workspace:manage'), { resource: param('id') })
    const other = await openOtherProduct()
    onTestFinished(() => other.close())
    app.onError(problems({ otherwise: (_error, c) => c.text('mine', 500) }))
    app.use('/theirs/*', session(other.authz)).get('/theirs/:id', both, handler)
    app.use('/ours/*', session(product.authorizer)).get('/ours/:id', both, handler)
    const headers = { authorization: `Bearer ${await other.tokenFor('ada')}` }
    expect((await app.request('/theirs/web', { headers })).status).toBe(200)
    expect((await ask('/ours/web', 'editor')).status).toBe(500)
    expect(handled).toBe(1)
  })

  test('that meets two authorizers, or a permission on nothing, is 500', async () => {
    const told: string[] = []
    const otherwise: ProblemsOptions['otherwise'] = ({ message }, c) => {
      told.push(message)
      return c.text('mine', 500)
    }
    app.onError(problems({ otherwise }))
    app.use('/two', session(product.authorizer), session(product.authorizerDown)).get('/two', open(), handler)
    app.use('/projects/*', session(product.authorizer))
    app.get('/projects/:id', requirePermission('project:view'), handler)
    expect((await ask('/two', 'wide')).status).toBe(500)
    expect((await ask('/projects/web', 'wide')).status).toBe(500)
    expect(told).toEqual([
      expect.stringContaining('two authorizers'),
      expect.stringContaining('`GET /projects/web`'),
    ])
    expect(handled).toBe(0)
  })
})
