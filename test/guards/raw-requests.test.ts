import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openProduct, type Product } from './product.js'
import { stacks } from './stacks/index.js'
import type { Served } from './stacks/stack.js'

let product: Product
beforeAll(async () => {
  product = await openProduct()
})

/** Send bytes as they are and read the answer to its end: no client library tidies the request up. */
function send(port: number, request: string): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    let text = ''
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => {
      text += chunk
    })
    socket.on('error', reject)
    socket.on('close', () => resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]), text }))
  })
}

function lines(...head: readonly string[]): string {
  return `${[...head, 'Host: localhost', 'Connection: close'].join('\r\n')}\r\n\r\n`
}

describe.each(stacks)('$name', (stack) => {
  let app: Served
  beforeAll(async () => {
    app = await stack.serve({ authorizer: product.authorizer, problems: { explain: true, log: () => {} } })
  })
  beforeEach(() => {
    app.handled.length = 0
  })
  afterAll(() => app.close())

  const bearer = (as: keyof Product['tokens']) => `Authorization: Bearer ${product.tokens[as]}`

  // The route is GET /admin/secret. Whatever a framework makes of these, it runs the handler only for somebody
  // who may: a guard that stands on the route cannot be walked around by the spelling of its path.
  describe.each([
    ['as declared', '/admin/secret'],
    ['in capitals', '/ADMIN/secret'],
    ['in other capitals', '/Admin/Secret'],
    ['with a slash at the end', '/admin/secret/'],
    ['with two slashes in front', '//admin/secret'],
    ['with two slashes inside', '/admin//secret'],
    ['with a dot segment', '/admin/./secret'],
    ['with a way back', '/public/../admin/secret'],
    ['with an encoded way back', '/public/%2e%2e/admin/secret'],
    ['with an encoded letter', '/%61dmin/secret'],
    ['with a letter encoded twice', '/%2561dmin/secret'],
    ['with an encoded slash', '/admin%2Fsecret'],
    ['with an encoded backslash', '/admin%5Csecret'],
    ['with a parameter', '/admin;x=1/secret'],
    ['with a parameter at the end', '/admin/secret;x=1'],
    ['with a zero byte', '/admin/secret%00'],
    ['with a line break', '/admin/secret%0a'],
    ['with a fragment', '/admin/secret#x'],
    ['with a query', '/admin/secret?x=/public'],
    ['with a slash too many at the end', '/admin/secret//'],
    ['with a dot at the end', '/admin/secret/.'],
    ['with a dot segment at the start', '/./admin/secret'],
    ['with a parameter and a way back', '/public/..;/admin/secret'],
    ['with an overlong slash', '/admin%c0%afsecret'],
    ['with an encoded space at the end', '/admin/secret%20'],
    ['with an encoded question mark', '/admin/secret%3f'],
    ['with a backslash', '/admin\\secret'],
    ['with half an escape at the end', '/admin/secret%'],
    ['behind an empty host', '///admin/secret'],
    ['without a slash in front', 'admin/secret'],
    ['in absolute form', 'http://localhost/admin/secret'],
    ['in absolute form for another host', 'http://other/admin/secret'],
  ])('a path %s', (_, target) => {
    test('does not let anybody in who may not', async () => {
      for (const head of [[], [bearer('nobody')], [bearer('wide')], [bearer('expired')]]) {
        const { status } = await send(app.port, lines(`GET ${target} HTTP/1.1`, ...head))
        expect([400, 401, 403, 404]).toContain(status)
      }
      expect(app.handled).toEqual([])
    })

    test('lets in who may, or is another path', async () => {
      const { status } = await send(app.port, lines(`GET ${target} HTTP/1.1`, bearer('biller')))
      expect(app.handled).toEqual(status === 200 ? ['secret'] : [])
      if (target === '/admin/secret') expect(status).toBe(200)
    })
  })

  describe.each(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'POST', 'PROPFIND', 'get', 'Get'])(
    'the method %s',
    (method) => {
      test('is decided like GET, or runs nothing', async () => {
        for (const head of [[], [bearer('nobody')]]) {
          await send(app.port, lines(`${method} /admin/secret HTTP/1.1`, 'Content-Length: 0', ...head))
        }
        expect(app.handled).toEqual([])
        const request = lines(`${method} /admin/secret HTTP/1.1`, 'Content-Length: 0', bearer('biller'))
        const { status } = await send(app.port, request)
        const runs = method === 'GET' || method === 'HEAD'
        expect(app.handled).toEqual(runs ? ['secret'] : [])
        if (runs) expect(status).toBe(200)
      })
    },
  )

  test.each(['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'])(
    '%s changes nothing',
    async (name) => {
      const request = (as: 'editor' | 'nobody') =>
        lines('GET /projects/web HTTP/1.1', `${name}: PATCH`, bearer(as))
      expect((await send(app.port, request('editor'))).status).toBe(200)
      expect((await send(app.port, request('nobody'))).status).toBe(404)
      expect(app.handled).toEqual(['view'])
    },
  )

  describe('the header of the token', () => {
    test.each([
      ['two of them', () => [bearer('nobody'), bearer('biller')]],
      ['two of them, the other way round', () => [bearer('biller'), bearer('nobody')]],
      ['the same one twice', () => [bearer('biller'), bearer('biller')]],
      ['the scheme twice', () => [`Authorization: Bearer Bearer ${product.tokens.biller}`]],
      ['a tab', () => [`Authorization: bearer\t${product.tokens.biller}`]],
      ['two spaces', () => [`Authorization: Bearer  ${product.tokens.biller}`]],
      ['no space', () => [`Authorization: Bearer${product.tokens.biller}`]],
      ['two tokens', () => [`Authorization: Bearer ${product.tokens.biller} ${product.tokens.biller}`]],
      ['a comma', () => [`Authorization: Bearer ${product.tokens.biller},${product.tokens.nobody}`]],
      ['another scheme', () => [`Authorization: Basic ${product.tokens.biller}`]],
      ['no scheme', () => [`Authorization: ${product.tokens.biller}`]],
      ['nothing', () => ['Authorization:']],
    ])('with %s is 401 invalid_request', async (_, head) => {
      const { status, text } = await send(app.port, lines('GET /admin/secret HTTP/1.1', ...head()))
      expect(status).toBe(401)
      expect(text).toMatch(/www-authenticate: bearer error="invalid_request"/i)
      expect(text).not.toContain(product.tokens.biller)
      expect(app.handled).toEqual([])
    })

    test('under another name is none', async () => {
      const { biller } = product.tokens
      for (const name of ['X-Authorization', 'Proxy-Authorization', 'X-Forwarded-Authorization']) {
        const request = lines('GET /admin/secret HTTP/1.1', `${name}: Bearer ${biller}`)
        expect((await send(app.port, request)).status).toBe(401)
      }
    })

    test('in lower case is a token', async () => {
      const head = `authorization: bearer ${product.tokens.biller}`
      expect((await send(app.port, lines('GET /admin/secret HTTP/1.1', head))).status).toBe(200)
    })
  })

  test.each([
    'X-Middleware-Subrequest: src/middleware',
    'X-Forwarded-User: biller',
    'X-User-Id: biller',
    'X-Organization-Id: org_globex',
    'X-Forwarded-Host: localhost',
    'X-Original-URL: /public',
    'X-Rewrite-URL: /public',
    'authz: {"session":{}}',
  ])('%s is believed by nobody', async (header) => {
    for (const head of [[], [bearer('nobody')]]) {
      const { status } = await send(app.port, lines('GET /admin/secret HTTP/1.1', header, ...head))
      expect([401, 403]).toContain(status)
    }
    expect(app.handled).toEqual([])
  })

  describe('an id in the path', () => {
    test.each([
      ['a malformed escape', '/projects/%zz'],
      ['half an escape', '/projects/%'],
      ['an escape that is no UTF-8', '/projects/%ff'],
      ['an encoded slash', '/projects/web%2f..%2fapp'],
      ['an encoded way back', '/projects/%2e%2e'],
      ['an encoded backslash', '/projects/..%5capp'],
      ['a zero byte', '/projects/web%00'],
      ['a line break', '/projects/web%0d%0aX: 1'],
      ['something beyond ASCII', '/projects/w%C3%A9b'],
      ['129 characters', `/projects/${'x'.repeat(129)}`],
    ])('with %s is refused, and the process lives', async (_, target) => {
      const { status } = await send(
        app.port,
        lines(`PATCH ${target} HTTP/1.1`, bearer('wide'), 'Content-Length: 0'),
      )
      expect([400, 403, 404, 414]).toContain(status)
      expect(app.handled).toEqual([])
      expect((await send(app.port, lines('GET /public HTTP/1.1'))).status).toBe(200)
    })

    test.each(['/search?id=web&id=app', '/search?id[x]=web', '/search?id[]=web', '/search?id=', '/search'])(
      '%s is 400',
      async (target) => {
        expect((await send(app.port, lines(`GET ${target} HTTP/1.1`, bearer('editor')))).status).toBe(400)
        expect(app.handled).toEqual([])
      },
    )

    test('in a header that is there twice is 400', async () => {
      const request = (...head: string[]) => lines('GET /named HTTP/1.1', bearer('editor'), ...head)
      expect((await send(app.port, request('X-Project: web'))).status).toBe(200)
      expect((await send(app.port, request('X-Project: web', 'x-project: web'))).status).toBe(400)
    })
  })

  test('two lengths of one body are 400, and the second request in it does not run', async () => {
    const smuggled = `GET /admin/secret HTTP/1.1\r\nHost: localhost\r\n${bearer('biller')}\r\n\r\n`
    const request = [
      'POST /moves HTTP/1.1',
      'Host: localhost',
      'Content-Length: 4',
      'Transfer-Encoding: chunked',
      bearer('nobody'),
      '',
      `0\r\n\r\n${smuggled}`,
    ].join('\r\n')
    expect((await send(app.port, request)).status).toBe(400)
    expect(app.handled).toEqual([])
  })

  test('a refusal in the middle of an answer adds nothing to it', async () => {
    const { text } = await send(app.port, lines('GET /breaks HTTP/1.1', bearer('nobody')))
    expect(app.handled).toEqual(['breaks'])
    expect(text).toContain('the first half')
    expect(text).not.toContain('not_found')
    expect(text).not.toContain('problem+json')
  })
})
