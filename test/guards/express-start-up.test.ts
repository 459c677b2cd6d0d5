import { formatRoutes } from '@bailiwick/client'
import {
  any,
  assertGuarded,
  open,
  param,
  requirePermission,
  requireSession,
  routesOf,
  session,
} from '@bailiwick/express'
import express, { type Express, type RequestHandler } from 'express'
import express4 from 'express-4'
import { beforeAll, describe, expect, test } from 'vitest'
import { openProduct, type Product } from './product.js'
import { expressApp } from './stacks/express-app.js'

let product: Product
beforeAll(async () => {
  product = await openProduct()
})

const handler: RequestHandler = (_req, res) => {
  res.end()
}
const editOnId = requirePermission('project:edit', { resource: param('id') })

describe.each([
  ['Express 5', express],
  ['Express 4', express4],
])('%s', (_, factory) => {
  function check(build: (app: Express) => void, options: Parameters<typeof assertGuarded>[2] = {}) {
    const app = factory()
    build(app)
    return formatRoutes(assertGuarded(app, product.authorizer, options))
  }

  test('the whole application of these tests is guarded, and prints its table', () => {
    const app = expressApp(factory, { authorizer: product.authorizer }, [])
    expect(formatRoutes(assertGuarded(app, product.authorizer)).split('\n').slice(0, 8)).toEqual([
      'GET     /public                  public',
      'GET     /me                      a session',
      'GET     /admin/secret            billing:manage on the organization',
      'GET     /projects                project:view on the organization',
      "GET     /projects/:id            project:view on param('id')",
      "PATCH   /projects/:id            project:edit on param('id')",
      "DELETE  /projects/:id            project:delete on param('id')",
      "PUT     /projects/:id            project:edit on param('id')",
    ])
  })

  describe('a route without a guard', () => {
    test('is refused with what to add; a session, a permission or `open()` will do', () => {
      expect(() => check((app) => app.get('/projects', handler))).toThrow(
        '`GET /projects` has no guard before its handler: add `requirePermission(…)`, `requireSession()`, or `open()`',
      )
      for (const guard of [requireSession(), requirePermission('project:view'), open()]) {
        expect(() => check((app) => app.get('/projects', guard, handler))).not.toThrow()
      }
    })

    test('is warned of, or let be, when told so', () => {
      const warnings: string[] = []
      const warn = (message: string) => warnings.push(message)
      const build = (app: Express) => app.get('/projects', handler)
      expect(check(build, { unguarded: 'warn', warn })).toBe('GET  /projects  UNGUARDED')
      expect(warnings).toHaveLength(1)
      check(build, { unguarded: 'allow', warn })
      expect(warnings).toHaveLength(1)
    })

    test('is not the one whose guard stands behind the handler', () => {
      expect(() => check((app) => app.get('/projects', handler, requireSession()))).toThrow('no guard before')
      expect(() =>
        check((app) => app.get('/projects', factory.json(), requireSession(), handler)),
      ).not.toThrow()
    })

    test('is looked for method by method', () => {
      expect(() =>
        check((app) => {
          app.route('/projects').get(requireSession(), handler).post(handler)
        }),
      ).toThrow('`POST /projects` has no guard')
      expect(() =>
        check((app) => {
          app.route('/projects').all(requireSession()).get(handler).post(handler)
        }),
      ).not.toThrow()
      expect(() => check((app) => app.all('/projects', handler))).toThrow('`* /projects`')
    })

    test('names all that are at fault, not the first one', () => {
      const build = (app: Express) => {
        app.get('/a', handler)
        app.get('/b', handler)
      }
      expect(() => check(build)).toThrow(/GET \/a[\s\S]*GET \/b/)
    })
  })

  describe('a guard on the way', () => {
    test('covers the routes behind it, not those in front of it', () => {
      const covered = (app: Express) => app.use(requireSession()).get('/a', handler)
      const uncovered = (app: Express) => app.get('/a', handler).use(requireSession())
      expect(check(covered)).toBe('GET  /a  a session')
      expect(() => check(uncovered)).toThrow('`GET /a`')
    })

    test('covers what its path covers', () => {
      const on = (path: string) => (app: Express) => app.use('/admin', requireSession()).get(path, handler)
      for (const path of ['/admin', '/admin/users', '/ADMIN/users', '/admin/users/:id']) {
        expect(() => check(on(path))).not.toThrow()
      }
      for (const path of ['/', '/administrators', '/x/admin', '/:section/users']) {
        expect(() => check(on(path))).toThrow('no guard before')
      }
    })

    test('covers nothing where only a pattern looks as if it were covered', () => {
      const optional = factory === express4 ? '/:lang?/users' : '/{:lang/}users'
      const on = (mount: string | RegExp | string[], path: string | RegExp) => (app: Express) =>
        app.use(mount, requireSession()).get(path, handler)
      for (const [mount, path] of [
        ['/:lang/users', '/:lang/users'],
        ['/:lang', '/:lang/users'],
        [['/admin', '/ops'], '/ops/:id'],
        ['/admin', factory === express4 ? '/admin/:id?' : '/admin{/:id}'],
      ] as const) {
        expect(() => check(on(mount as string, path))).not.toThrow()
      }
      for (const [mount, path] of [
        ['/:lang/users', optional],
        ['/:lang/:rest', optional],
        [
          factory === express4 ? '/a/:id([a-z:]+)/b' : '/a/x*"rest"b',
          factory === express4 ? '/a/:id/b' : '/a/x:grab',
        ],
        ['/:tenant', /^\/users/],
        [/^\/[^0-9]+/, '/:id'],
        [/^\/admin/, '/admin'],
      ] as const) {
        expect(() => check(on(mount as string, path))).toThrow('no guard before')
      }
    })

    test('covers no router that makes less of capitals than the guard does', () => {
      const app = (caseSensitive: boolean) => (root: Express) => {
        root.enable('case sensitive routing')
        const router = factory.Router({ caseSensitive }).get('/admin', handler)
        return root.use('/api/admin', requireSession()).use('/api', router)
      }
      expect(() => check(app(true))).not.toThrow()
      expect(() => check(app(false))).toThrow('`GET /api/admin` has no guard before')
    })

    test('covers the routers that are mounted behind it', () => {
      const router = factory.Router().get('/users', handler)
      expect(check((app) => app.use('/admin', requireSession(), router))).toMatch(/users +a session$/)
      expect(() => check((app) => app.use('/admin', router).use(requireSession()))).toThrow(
        'users` has no guard',
      )
    })

    test('inside of a router covers that router only', () => {
      const router = factory.Router().use(requireSession()).get('/users', handler)
      expect(() => check((app) => app.use('/admin', router))).not.toThrow()
      expect(() => check((app) => app.use('/admin', router).get('/projects', handler))).toThrow(
        'GET /projects',
      )
    })

    test('that only reads a session guards nothing, unless a session is required', () => {
      const behind = (middleware: ReturnType<typeof session>) => (app: Express) =>
        app.use(middleware).get('/a', handler)
      expect(() => check(behind(session(product.authorizer)))).toThrow('no guard before')
      expect(() => check(behind(session(product.authorizer, { required: true })))).not.toThrow()
    })
  })

  describe('a path with parameters', () => {
    test('whose guard does not say which resource it guards is refused with the line to add', () => {
      const guard = requirePermission('project:edit')
      expect(() => check((app) => app.patch('/projects/:id', guard, handler))).toThrow(
        "`PATCH /projects/:id` has the path parameter `id`, and `project:edit` does not say which project it guards: add `resource: param('id')`, or `scope: 'organization'` to ask for all of them",
      )
      expect(() => check((app) => app.patch('/projects/:id', editOnId, handler))).not.toThrow()
      const aloud = requirePermission('project:edit', { scope: 'organization' })
      expect(() => check((app) => app.patch('/projects/:id', aloud, handler))).not.toThrow()
      expect(() => check((app) => app.post('/projects', guard, handler))).not.toThrow()
    })

    test('may have them in the path of the mount', () => {
      const router = () => factory.Router().get('/settings', requirePermission('project:edit'), handler)
      expect(() => check((app) => app.use('/projects/:id', router()))).toThrow('has the path parameter `id`')
      expect(() => check((app) => app.use('/projects', router()))).not.toThrow()
    })

    test('a locator for a parameter that is not there is refused', () => {
      expect(() => check((app) => app.patch('/projects/:projectId', editOnId, handler))).toThrow(
        "has the path parameter `projectId`, and `project:edit` looks for param('id')",
      )
    })

    test('a parameter of the mount is there only for a router that merges parameters', () => {
      const app = (mergeParams: boolean) => (root: Express) =>
        root.use('/projects/:id', factory.Router({ mergeParams }).get('/settings', editOnId, handler))
      expect(() => check(app(true))).not.toThrow()
      expect(() => check(app(false))).toThrow("looks for param('id')")
    })

    test('wildcards and expressions are parameters', () => {
      const guard = requirePermission('project:view')
      const wildcard = factory === express4 ? '/files/*' : '/files/*path'
      expect(() => check((app) => app.get(wildcard, guard, handler))).toThrow('does not say which')
      expect(() => check((app) => app.get(/^\/files\/(.*)$/, guard, handler))).toThrow('does not say which')
    })
  })

  test('an unknown permission is refused with the one that was meant', () => {
    expect(() => check((app) => app.get('/a', requirePermission('project:edt'), handler))).toThrow(
      '`GET /a`: the model has no permission `project:edt`; did you mean `project:edit`?',
    )
  })

  test('one locator for permissions of two types is refused', () => {
    const guard = requirePermission(any('project:edit', 'workspace:manage'), { resource: param('id') })
    expect(() => check((app) => app.get('/a/:id', guard, handler))).toThrow(
      'would be read as a `project` and as',
    )
  })

  test('an application inside cannot be looked into, and is refused until somebody vouches for it', () => {
    const inner = () => factory().get('/users', handler)
    expect(() => check((app) => app.use('/admin', inner()))).toThrow('is an application of its own')
    expect(() => check((app) => app.use('/admin', open(), inner()))).not.toThrow()
  })

  test('the table tells the paths of nested routers', () => {
    const inner = factory.Router({ mergeParams: true }).get('/apps/:appId', open(), handler)
    const outer = factory.Router().use('/projects/:id', inner).get('/', open(), handler)
    const app = factory().use('/api', outer)
    expect(routesOf(app).map(({ path, parameters }) => [path, parameters])).toEqual([
      ['/api/projects/:id/apps/:appId', ['id', 'appId']],
      ['/api', []],
    ])
  })
})
