import type { AddressInfo } from 'node:net'
import {
  NotFound,
  open,
  param,
  problems,
  requirePermission,
  requireSession,
  session,
} from '@bailiwick/express'
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import express4 from 'express-4'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openProduct, type Product } from './product.js'

let product: Product
beforeAll(async () => {
  product = await openProduct()
})

describe.each([
  ['Express 5', express],
  ['Express 4', express4],
])('%s', (_, factory) => {
  let app: Express
  let close: () => void
  let handled: number

  beforeEach(() => {
    app = factory()
    // What Express prints about errors that nobody handles is not what is tested here.
    app.set('env', 'test')
    handled = 0
  })
  afterEach(() => close())

  const handler: RequestHandler = (req, res) => {
    handled++
    res.json({ user: req.authz?.session?.userId ?? null })
  }

  async function ask(path: string, as?: keyof Product['tokens'], method = 'GET') {
    const server = app.listen(0, '127.0.0.1')
    close = () => server.close()
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { connection: 'close', ...(as && { authorization: `Bearer ${product.tokens[as]}` }) },
    })
    server.close()
    return { status: response.status, headers: response.headers, text: await response.text() }
  }

  test('a bad token is 401 even where no guard follows; none at all goes on', async () => {
    app.use(session(product.authorizer)).get('/a', handler).use(problems())
    expect((await ask('/a', 'expired')).status).toBe(401)
    expect((await ask('/a')).text).toBe('{"user":null}')
    expect((await ask('/a', 'editor')).text).toBe('{"user":"editor"}')
  })

  test('what a mounted application has found out, the one round it reads as well, of this request alone', async () => {
    const inner = factory().use(session(product.authorizer))
    app.use('/inner', inner).use(handler)
    expect((await ask('/inner', 'editor')).text).toBe('{"user":"editor"}')
    close()
    expect((await ask('/outside', 'editor')).text).toBe('{"user":null}')
  })

  test('a session can be required of every request', async () => {
    app
      .use(session(product.authorizer, { required: true }))
      .get('/a', handler)
      .use(problems())
    expect((await ask('/a')).status).toBe(401)
    expect((await ask('/a', 'editor')).status).toBe(200)
  })

  test('a token can come from another middleware', async () => {
    const token = async () => product.tokens.biller
    app.use(session(product.authorizer, { token })).get('/a', handler)
    const { text, headers } = await ask('/a', 'editor')
    expect(text).toBe('{"user":"biller"}')
    expect(headers.get('vary')).toBe('Authorization, Cookie')
  })

  test('what a middleware puts on the request in our place is not believed', async () => {
    const spoof: RequestHandler = (req, _res, next) => {
      const enforce = async () => {}
      const authz = { session: { userId: 'root' }, authorizer: product.authorizer, enforce }
      Object.assign(req, { authz, auth: { sub: 'root' } })
      next()
    }
    app.use(spoof).get('/a', requireSession(), handler).use(problems())
    expect((await ask('/a')).status).toBe(500)
    app = factory()
    app.use(spoof).use(session(product.authorizer)).get('/a', requireSession(), handler).use(problems())
    expect((await ask('/a')).status).toBe(401)
    expect((await ask('/a', 'editor')).text).toBe('{"user":"editor"}')
    expect(handled).toBe(1)
  })

  test('`req.auth` stays what another library has made of it', async () => {
    app.use((req, _res, next) => {
      Object.assign(req, { auth: 'theirs' })
      next()
    })
    app.use(session(product.authorizer)).get('/a', (req, res) => {
      res.json((req as { auth?: unknown }).auth)
    })
    expect((await ask('/a', 'editor')).text).toBe('"theirs"')
  })

  test('handlers ask more of the same session: `has`, `check`, `explain`', async () => {
    app.use(session(product.authorizer)).get('/a', async (req, res) => {
      const target = { type: 'project', externalId: 'web' }
      const { sentences } = await req.authz.explain('project:edit', target)
      const decision = await req.authz.check('project:edit', target)
      res.json([req.authz.has('project:edit'), decision.kind, sentences[0]?.slice(0, 7)])
    })
    expect((await ask('/a', 'editor')).text).toBe('[false,"allow","allowed"]')
    expect((await ask('/a', 'nobody')).text).toBe('[false,"deny","denied:"]')
    expect(JSON.parse((await ask('/a', 'wide')).text).slice(0, 2)).toEqual([true, 'allow'])
  })

  test('a handler sees what its guards have asked, and who answered', async () => {
    const guard = requirePermission('project:edit', { resource: param('id') })
    app.use(session(product.authorizer)).get('/projects/:id', guard, (req, res) => {
      res.json(req.authz.enforced.map(({ permission, decidedBy }) => [permission, decidedBy]))
    })
    expect((await ask('/projects/web', 'editor')).text).toBe('[["project:edit","engine"]]')
    expect((await ask('/projects/web', 'wide')).text).toBe('[["project:edit","token"]]')
  })

  describe('a mistake in the set-up is 500 at the first request, and the handler never runs', () => {
    test('a guard without `session()`', async () => {
      app.get('/a', requireSession(), handler).use(problems())
      expect((await ask('/a', 'editor')).status).toBe(500)
    })

    test('a permission that the model does not have', async () => {
      app
        .use(session(product.authorizer))
        .get('/a', requirePermission('project:edt'), handler)
        .use(problems())
      expect((await ask('/a', 'wide')).status).toBe(500)
    })

    test('a path that chooses a project, and a guard that does not say which', async () => {
      app.use(session(product.authorizer))
      app.get('/projects/:id', requirePermission('project:view'), handler).use(problems())
      expect((await ask('/projects/web', 'wide')).status).toBe(500)
    })

    test('two authorizers for one request', async () => {
      app.use(session(product.authorizer), session(product.authorizerDown)).get('/a', open(), handler)
      expect((await ask('/a', 'wide')).status).toBe(500)
    })

    afterEach(() => expect(handled).toBe(0))
  })

  test('the same authorizer twice is once', async () => {
    app.use(session(product.authorizer), session(product.authorizer)).get('/a', handler)
    expect((await ask('/a', 'editor')).status).toBe(200)
  })

  test('without `problems()` the status is the same', async () => {
    app.use(session(product.authorizer)).get('/a', requirePermission('billing:manage'), handler)
    const anonymous = await ask('/a')
    expect(anonymous.status).toBe(401)
    expect(anonymous.headers.get('www-authenticate')).toBe('Bearer')
    expect((await ask('/a', 'editor')).status).toBe(403)
    expect(handled).toBe(0)
  })

  test.each([
    ['a locator', 'nothing', undefined],
    ['a locator', 'what skips the rest of a route', 'route'],
    ['the look-up of a token', 'nothing', undefined],
  ])('%s that fails with %s lets nobody on', async (who, _what, failure) => {
    const fail = () => Promise.reject(failure)
    const isToken = who !== 'a locator'
    app.use(session(product.authorizer, isToken ? { token: fail } : {}))
    const guard = isToken ? open() : requirePermission('project:edit', { resource: fail })
    app.get('/projects/:id', guard, handler).get('/projects/:id', handler).use(problems())
    expect((await ask('/projects/app', 'editor')).status).toBe(500)
    expect(handled).toBe(0)
  })

  test('errors that are not ours go on to the next error handler', async () => {
    app.get('/a', () => {
      throw new Error('a bug')
    })
    const last: ErrorRequestHandler = (_error, _req, res, _next) => {
      res.status(418).end()
    }
    app.use(problems(), last)
    expect((await ask('/a')).status).toBe(418)
  })

  test('an error in the middle of an answer goes on as it is', async () => {
    const errors: unknown[] = []
    const last: ErrorRequestHandler = (error, _req, res, _next) => {
      errors.push(error)
      res.end()
    }
    app.get('/a', (_req, res) => {
      res.write('the first half')
      throw new NotFound()
    })
    app.use(problems(), last)
    expect((await ask('/a')).text).toBe('the first half')
    expect(errors).toEqual([expect.objectContaining({ code: 'not_found' })])
  })

  test('a guard on a router holds for the routes in it', async () => {
    const router = factory.Router().get('/:tab', handler)
    const guard = requirePermission('project:edit', { resource: param('id') })
    app.use(session(product.authorizer)).use('/projects/:id', guard, router).use(problems())
    expect((await ask('/projects/web/settings', 'editor')).status).toBe(200)
    expect((await ask('/projects/app/settings', 'editor')).status).toBe(403)
  })

  describe('an application inside of another', () => {
    const guard = requirePermission('project:edit', { resource: param('id') })

    test('is guarded by its own guards, with the session and the answers of the outer one', async () => {
      const inner = factory().get('/:id', guard, handler)
      app.use(session(product.authorizer)).use('/projects', inner).use(problems())
      expect((await ask('/projects/web', 'editor')).text).toBe('{"user":"editor"}')
      const denied = await ask('/projects/app', 'editor')
      expect([denied.status, denied.headers.get('content-type')]).toEqual([403, 'application/problem+json'])
      expect((await ask('/projects/web')).status).toBe(401)
      expect(handled).toBe(1)
    })

    test('may have a session and answers of its own', async () => {
      const inner = factory().use(session(product.authorizer)).get('/:id', guard, handler).use(problems())
      app.use('/projects', inner)
      expect((await ask('/projects/web', 'editor')).status).toBe(200)
      expect((await ask('/projects/app', 'editor')).status).toBe(403)
      expect((await ask('/projects/web')).status).toBe(401)
    })
  })

  describe('what `app.param` does', () => {
    test('comes before guards, which then see the id that the handler sees', async () => {
      const seen: string[] = []
      app.param('id', (req, _res, next, id: string) => {
        seen.push(id)
        req.params.id = id.replace(/^p-/, '')
        next()
      })
      app.use(session(product.authorizer))
      app.get('/projects/:id', requirePermission('project:edit', { resource: param('id') }), (req, res) => {
        res.json(req.params.id)
      })
      app.use(problems())
      expect((await ask('/projects/p-web', 'editor')).text).toBe('"web"')
      expect((await ask('/projects/p-app', 'editor')).status).toBe(403)
      expect((await ask('/projects/p-web')).status).toBe(401)
      expect(seen).toEqual(['p-web', 'p-app', 'p-web'])
    })

    test('is there for locators: what it has loaded is what is guarded', async () => {
      const projects = new Map([
        ['site', { externalId: 'web' }],
        ['paper', { externalId: 'app' }],
      ])
      app.param('name', (req, _res, next, name: string) => {
        Object.assign(req, { project: projects.get(name) })
        next()
      })
      const loaded = requirePermission('project:edit', {
        resource: ({ native }) => {
          const { project } = native as { readonly project?: { readonly externalId: string } }
          return project && { type: 'project', ...project }
        },
      })
      app.use(session(product.authorizer)).get('/by-name/:name', loaded, handler).use(problems())
      expect((await ask('/by-name/site', 'editor')).status).toBe(200)
      expect((await ask('/by-name/paper', 'editor')).status).toBe(403)
      expect((await ask('/by-name/nothing', 'editor')).status).toBe(400)
      expect(handled).toBe(1)
    })
  })
})
