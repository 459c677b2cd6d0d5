import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { openProduct, type Person, type Product } from './product.js'
import { stacks } from './stacks/index.js'
import type { Served, Serving } from './stacks/stack.js'

/** The same on every framework, whether the engine answers at once or is waited for. */
const runs = stacks.flatMap((stack) =>
  (['exclusive', 'shared'] as const).map((access) => ({ name: stack.name, access, stack })),
)

interface Ask {
  readonly as?: Person | 'expired' | 'forged'
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

describe.each(runs)('$name over a store that is $access', ({ access, stack }) => {
  let product: Product
  let app: Served
  beforeAll(async () => {
    product = await openProduct(access)
    app = await stack.serve({ authorizer: product.authorizer })
  })
  beforeEach(() => {
    app.handled.length = 0
  })
  afterAll(() => app.close())

  async function ask(path: string, { as, method = 'GET', body, headers }: Ask = {}, to: Served = app) {
    const response = await fetch(`http://127.0.0.1:${to.port}${path}`, {
      method,
      headers: {
        ...(as && { authorization: `Bearer ${product.tokens[as]}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    }
  }

  async function served<Result>(serving: Partial<Serving>, use: (app: Served) => Promise<Result>) {
    const other = await stack.serve({ authorizer: product.authorizer, ...serving })
    try {
      return await use(other)
    } finally {
      await other.close()
    }
  }

  describe('a request without a session', () => {
    test('is 401 with a bare challenge', async () => {
      const { status, headers, body } = await ask('/projects/web')
      expect(status).toBe(401)
      expect(headers.get('www-authenticate')).toBe('Bearer')
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/)
      expect(headers.get('cache-control')).toBe('no-store')
      expect(body).toEqual({
        type: 'urn:bailiwick:problem:session_missing',
        title: 'Unauthorized',
        status: 401,
        detail: 'the request carries no session token',
        code: 'session_missing',
      })
      expect(app.handled).toEqual([])
    })

    test('reaches what is public, and only that', async () => {
      expect((await ask('/public')).body).toEqual({ handler: 'public', user: null })
      expect((await ask('/me')).status).toBe(401)
      expect(app.handled).toEqual(['public'])
    })

    test('is not given one by the query or by a form', async () => {
      const { editor } = product.tokens
      expect((await ask(`/me?access_token=${editor}`)).status).toBe(401)
      const inBody = { method: 'POST', body: { access_token: editor, projectId: 'web' } }
      expect((await ask('/moves', inBody)).status).toBe(401)
      expect(app.handled).toEqual([])
    })
  })

  describe('a bad token', () => {
    test.each(['expired', 'forged'] as const)('that is %s is 401 invalid_token', async (as) => {
      const { status, headers, body } = await ask('/projects/web', { as })
      expect(status).toBe(401)
      expect(headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
      expect(body.code).toMatch(/^session_(expired|untrusted)$/)
      expect(app.handled).toEqual([])
    })

    test('in a malformed header is 401 invalid_request', async () => {
      const headers = { authorization: `Bearer Bearer ${product.tokens.editor}` }
      const answer = await ask('/projects/web', { headers })
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_request"')
      expect(app.handled).toEqual([])
    })

    test('in a cookie is refused as well, and a cookie that disagrees with the header', async () => {
      await served({ cookie: 'session' }, async (withCookie) => {
        const { editor, wide, expired } = product.tokens
        const me = (headers: Record<string, string>) => ask('/me', { headers }, withCookie)
        expect((await me({ cookie: `session=${editor}` })).body.user).toBe('editor')
        expect((await me({ cookie: `session=${editor}` })).headers.get('vary')).toContain('Cookie')
        expect((await me({ cookie: `session=${expired}` })).status).toBe(401)
        const both = { cookie: `session=${editor}`, authorization: `Bearer ${wide}` }
        expect((await me(both)).headers.get('www-authenticate')).toBe('Bearer error="invalid_request"')
      })
      expect((await ask('/me', { headers: { cookie: `session=${product.tokens.editor}` } })).status).toBe(401)
    })
  })

  describe('a permission', () => {
    test('held on the resource is answered by the engine, and not for its neighbour', async () => {
      expect(await ask('/projects/web', { as: 'editor', method: 'PATCH' })).toMatchObject({
        status: 200,
        body: { handler: 'edit', user: 'editor' },
      })
      const denied = await ask('/projects/app', { as: 'editor', method: 'PATCH' })
      expect(denied.status).toBe(403)
      expect(denied.headers.get('www-authenticate')).toBeNull()
      expect(denied.body).toEqual({
        type: 'urn:bailiwick:problem:access_denied',
        title: 'Forbidden',
        status: 403,
        detail: 'this needs `project:edit` on project `app`',
        code: 'access_denied',
        permission: 'project:edit',
        resource: { type: 'project', externalId: 'app' },
      })
      expect(app.handled).toEqual(['edit'])
    })

    test('held on a resource of another organization opens none of ours under the same id', async () => {
      expect((await ask('/projects/web', { as: 'stranger', method: 'PATCH' })).status).toBe(200)
      expect((await ask('/projects/app', { as: 'stranger', method: 'PATCH' })).status).toBe(403)
      expect((await ask('/orgs/org_globex/projects/web', { as: 'stranger' })).status).toBe(200)
      expect((await ask('/orgs/org_acme/projects/web', { as: 'stranger' })).status).toBe(403)
      expect((await ask('/orgs/acme/projects/web', { as: 'stranger' })).status).toBe(400)
    })

    test('in the token is answered by the token, for what is known to be in its organization', async () => {
      expect((await ask('/projects/web', { as: 'wide', method: 'PATCH' })).status).toBe(200)
      expect((await ask('/projects/gone', { as: 'wide', method: 'PATCH' })).status).toBe(403)
      expect((await ask('/projects/gone', { as: 'wide', method: 'PUT' })).status).toBe(200)
      expect((await ask('/projects/gone', { as: 'nobody', method: 'PUT' })).status).toBe(403)
    })

    test('that is fresh is not answered by the token', async () => {
      expect((await ask('/projects/web', { as: 'wide', method: 'DELETE' })).status).toBe(403)
      expect((await ask('/fresh/web', { as: 'wide' })).status).toBe(403)
      expect(app.handled).toEqual([])
      expect((await ask('/fresh/web', { as: 'editor' })).status).toBe(200)
      expect((await ask('/either/web', { as: 'wide' })).status).toBe(200)
    })

    test('without a resource is asked of the whole organization', async () => {
      expect((await ask('/projects', { as: 'wide' })).status).toBe(200)
      expect((await ask('/projects', { as: 'editor' })).status).toBe(403)
      expect((await ask('/admin/secret', { as: 'biller' })).status).toBe(200)
      const denied = await ask('/admin/secret', { as: 'wide' })
      expect(denied).toMatchObject({
        status: 403,
        body: { detail: 'this needs `billing:manage` on the organization' },
      })
      expect(denied.headers.get('www-authenticate')).toBeNull()
    })

    test('on an id of ours is asked of a resource of its type only', async () => {
      expect((await ask(`/ids/${product.webId}`, { as: 'editor' })).status).toBe(200)
      expect((await ask(`/ids/${product.webId}`, { as: 'nobody' })).status).toBe(403)
      expect((await ask(`/ids/${product.workspaceId}`, { as: 'wide' })).status).toBe(403)
      expect((await ask('/ids/web', { as: 'editor' })).status).toBe(400)
    })

    test('among several, or beside others', async () => {
      expect((await ask('/either/web', { as: 'editor' })).status).toBe(200)
      expect((await ask('/either/app', { as: 'editor' })).status).toBe(403)
      expect((await ask('/both/web', { as: 'editor' })).status).toBe(200)
      expect((await ask('/both/app', { as: 'editor' })).status).toBe(403)
      expect((await ask('/mixed/app', { as: 'biller' })).status).toBe(200)
      expect((await ask('/mixed/app', { as: 'editor' })).status).toBe(403)
    })
  })

  describe('a denial that is concealed', () => {
    test('reads like the answer for what does not exist', async () => {
      expect((await ask('/projects/web', { as: 'editor' })).status).toBe(200)
      const forbidden = await ask('/projects/app', { as: 'editor' })
      const absent = await ask('/projects/gone', { as: 'editor' })
      expect(forbidden.status).toBe(404)
      expect(forbidden.body).toEqual({
        type: 'urn:bailiwick:problem:not_found',
        title: 'Not Found',
        status: 404,
        detail: 'there is nothing here',
        code: 'not_found',
      })
      expect(absent.body).toEqual(forbidden.body)
      const names = (headers: Headers) => [...headers.keys()].sort()
      expect(names(absent.headers)).toEqual(names(forbidden.headers))
    })
  })

  describe('a locator', () => {
    test('reads the body, the query, a header, or what it pleases', async () => {
      const move = (projectId: unknown) =>
        ask('/moves', { as: 'editor', method: 'POST', body: { projectId } })
      expect((await move('web')).status).toBe(200)
      expect((await move('app')).status).toBe(403)
      expect((await ask('/search?id=web', { as: 'editor' })).status).toBe(200)
      expect((await ask('/search?id=app', { as: 'editor' })).status).toBe(403)
      expect((await ask('/named', { as: 'editor', headers: { 'x-project': 'web' } })).status).toBe(200)
      expect((await ask('/named', { as: 'editor', headers: { 'x-project': 'app' } })).status).toBe(403)
      expect((await ask('/found/p-web', { as: 'editor' })).status).toBe(200)
      expect((await ask('/found/p-app', { as: 'editor' })).status).toBe(403)
    })

    test.each([
      ['nothing', '/search', 'is missing'],
      ['two values', '/search?id=web&id=app', 'is there more than once'],
      ['an empty value', '/search?id=', 'is missing'],
      ['a path', '/search?id=..%2Fweb', 'holds a path instead of an id'],
      ['a line break', '/search?id=web%0a', 'is not 1 to 128 characters of printable ASCII'],
    ])('that finds %s is 400 and says so', async (_, path, why) => {
      const answer = await ask(path, { as: 'editor' })
      expect(answer.status).toBe(400)
      expect(answer.body).toMatchObject({ code: 'resource_not_located', detail: `query('id') ${why}` })
      expect(app.handled).toEqual([])
    })

    test.each([
      ['a number', { projectId: 1 }],
      ['a list', { projectId: ['web'] }],
      ['an object', { projectId: { x: 'web' } }],
      ['nothing', {}],
      ['a body that is a list', ['web']],
    ])('that finds %s in the body is 400', async (_, body) => {
      expect((await ask('/moves', { as: 'editor', method: 'POST', body })).status).toBe(400)
      expect(app.handled).toEqual([])
    })

    test('does not let body and path name two resources', async () => {
      const move = (id: string) => ask('/moves/web', { as: 'editor', method: 'POST', body: { id } })
      expect((await move('web')).status).toBe(200)
      expect((await move('app')).status).toBe(400)
    })
  })

  describe('what cannot be decided', () => {
    test('is 503, and says when to come back', async () => {
      await served({ authorizer: product.authorizerDown }, async (down) => {
        const { status, headers, body } = await ask('/projects/web', { as: 'wide', method: 'PATCH' }, down)
        expect(status).toBe(503)
        expect(headers.get('retry-after')).toBe('1')
        expect(body).toMatchObject({
          code: 'store_unavailable',
          detail: 'this cannot be decided now; try again',
        })
        expect(down.handled).toEqual([])
        // A session needs no engine.
        expect((await ask('/me', { as: 'wide' }, down)).status).toBe(200)
      })
    })
  })

  describe('what a refusal may tell', () => {
    test('is why, in development and when told so', async () => {
      const log = vi.fn()
      await served({ problems: { explain: true, log } }, async (explaining) => {
        const denied = () => ask('/projects/app', { as: 'editor', method: 'PATCH' }, explaining)
        const { explain } = (await denied()).body
        expect(explain.join('\n')).toMatch(/denied[\s\S]*project-editor/)
        // The log says the same, and both end with the call that would grant it.
        expect(log.mock.calls).toEqual([[explain.join('\n  ')]])
        expect(explain.at(-1)).toBe(
          "to grant it: await engine.assignRole({ organizationId: 'org_acme', subject: { membershipId: 'om_editor' }, " +
            "role: 'project-editor', resource: { type: 'project', externalId: 'app' } })",
        )
        process.env.NODE_ENV = 'production'
        try {
          expect((await denied()).body).not.toHaveProperty('explain')
        } finally {
          process.env.NODE_ENV = 'test'
        }
        // What the token alone would say explains no denial.
        const { body } = await ask('/fresh/web', { as: 'wide' }, explaining)
        expect(body.explain[0]).toMatch(/^denied: /)
        const concealed = await ask('/projects/app', { as: 'editor' }, explaining)
        expect(concealed.body).not.toHaveProperty('explain')
      })
      expect((await ask('/projects/app', { as: 'editor', method: 'PATCH' })).body).not.toHaveProperty(
        'explain',
      )
    })

    test('is that more scope would help, when told so and only for the organization', async () => {
      await served({ problems: { insufficientScope: true } }, async (challenging) => {
        const wide = await ask('/admin/secret', { as: 'wide' }, challenging)
        expect(wide.headers.get('www-authenticate')).toBe(
          'Bearer error="insufficient_scope", scope="billing:manage"',
        )
        const narrow = await ask('/projects/app', { as: 'editor', method: 'PATCH' }, challenging)
        expect(narrow.headers.get('www-authenticate')).toBeNull()
      })
    })
  })

  test('an allowed response is kept out of shared caches, unless its handler says otherwise, and does not repeat the token', async () => {
    const { headers, status } = await ask('/projects/web', { as: 'editor' })
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('private, no-store')
    expect(headers.get('vary')).toContain('Authorization')
    expect(JSON.stringify([...headers])).not.toContain(product.tokens.editor)
    const kept = await ask('/kept', { as: 'editor' })
    expect(kept.headers.get('cache-control')).toBe('public, max-age=60')
    expect(kept.headers.get('vary')).toContain('Authorization')
  })
})
