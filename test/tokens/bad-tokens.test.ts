import { createServer, type IncomingMessage, type Server, type ServerOptions } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { createAuthorizer, createSessionVerifier, type SessionVerifier } from '@bailiwick/client'
import { defineModel } from '@bailiwick/core'
import { param, problems, requirePermission, session } from '@bailiwick/express'
import { createIssuer, type ListeningIssuer, type TestEngine, testEngine } from '@bailiwick/testing'
import express from 'express'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { badTokens, unsendableTokens } from './bad-tokens.js'
import { owner, partsOf, signed, type TokenKit } from './token-kit.js'

const model = defineModel({
  resourceTypes: { project: { parents: ['organization'] } },
  permissions: { 'project:edit': 'project', 'billing:manage': 'organization' },
  roles: { owner: { on: 'organization', permissions: ['project:edit', 'billing:manage'] } },
})

const start = 1_800_000_000_000
let nowMs = start
let kit: TokenKit
let bed: TestEngine
let keys: ListeningIssuer
let server: Server
let attackerServer: Server
let sessions: SessionVerifier
/** What must not happen. */
let handled = 0
let attackerCalls = 0

beforeAll(async () => {
  attackerServer = await listening(
    createServer((_, response) => {
      attackerCalls += 1
      response.end(JSON.stringify(kit.attacker.jwks))
    }),
  )
  const [issuer, attacker] = await Promise.all([
    createIssuer({ algorithm: 'RS256', clock: () => nowMs }),
    createIssuer({ algorithm: 'RS256', clock: () => nowMs }),
  ])
  const good = await issuer.token(owner)
  kit = { issuer, attacker, attackerUrl: `${urlOf(attackerServer)}/keys`, nowSec: start / 1_000, good }
  keys = await issuer.listen()
  sessions = createSessionVerifier(keys.sessionOptions)
  bed = await testEngine({
    model,
    organizations: {
      acme: { resources: { 'project:web': {} }, people: { ada: { roles: ['owner'] } } },
      globex: { people: { gus: {} } },
    },
  })
  server = await listening(createServer(application()))
})

beforeEach(() => {
  nowMs = start
  handled = 0
  attackerCalls = 0
})

afterAll(async () => {
  await Promise.all([closed(server), closed(attackerServer), keys.close(), bed.close()])
})

/** A route that the token answers for, and one that it answers for once the engine has confirmed the resource. */
function application() {
  const app = express()
  const authz = createAuthorizer({ engine: bed.engine, session: keys.sessionOptions })
  const handler = (_: unknown, response: express.Response) => {
    handled += 1
    response.json({ done: true })
  }
  app.use(session(authz))
  app.get('/billing', requirePermission('billing:manage'), handler)
  app.get('/projects/:id', requirePermission('project:edit', { resource: param('id') }), handler)
  app.post('/billing', express.urlencoded({ extended: true }), requirePermission('billing:manage'), handler)
  app.use(problems())
  return app
}

async function listening(unbound: Server): Promise<Server> {
  await new Promise<void>((resolve) => unbound.listen(0, '127.0.0.1', resolve))
  return unbound
}

function closed(open: Server): Promise<void> {
  open.closeAllConnections()
  return new Promise((resolve) => open.close(() => resolve()))
}

function urlOf(open: Server): string {
  return `http://127.0.0.1:${(open.address() as AddressInfo).port}`
}

async function get(path: string, token: string): Promise<Response> {
  return fetch(`${urlOf(server)}${path}`, { headers: { authorization: `Bearer ${token}` } })
}

/**
 * The status of a request sent byte by byte, so that no client library tidies it. What is long goes out in parts, and no
 * further than to the answer: a server that hangs up on what it has not read may take its answer with it.
 */
function statusOf(lines: readonly string[], body = '', to = server): Promise<number> {
  const { promise, resolve, reject } = deferred<number>()
  const text = `${[...lines, 'Host: app.test', 'Connection: close'].join('\r\n')}\r\n\r\n${body}`
  let answer = ''
  const send = (from: number) => {
    if (from >= text.length || answer !== '') return
    socket.write(text.slice(from, from + partLength), () => setTimeout(send, 1, from + partLength))
  }
  const socket = connect((to.address() as AddressInfo).port, '127.0.0.1', () => send(0))
  socket.on('data', (bytes) => {
    answer += bytes
  })
  socket.on('error', reject)
  socket.on('close', () => resolve(Number(answer.split(' ')[1])))
  return promise
}

const partLength = 16_384

function deferred<Value>() {
  let resolve!: (value: Value) => void
  let reject!: (error: Error) => void
  const promise = new Promise<Value>((ok, no) => {
    resolve = ok
    reject = no
  })
  return { promise, resolve, reject }
}

describe('over HTTP, behind the Express guard', () => {
  test.each(badTokens)('$id: a token with $name is 401, and no handler runs', async ({ build }) => {
    const token = await build(kit)
    for (const path of ['/billing', '/projects/web']) {
      const response = await get(path, token)
      const body = await response.text()
      expect(response.status, body).toBe(401)
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer /)
      expect(response.headers.get('content-type')).toContain('application/problem+json')
      for (const part of token.split('.').filter((part) => part.length > 16)) expect(body).not.toContain(part)
    }
    expect(handled).toBe(0)
    expect(attackerCalls).toBe(0)
  })

  test('the catalogue holds at least fifty of them, each once', () => {
    const names = [...badTokens, ...unsendableTokens].map(({ id, name }) => `${id}: ${name}`)
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThanOrEqual(50)
  })

  test.each<[string, (kit: TokenKit) => string | Promise<string>]>([
    ['the good one', ({ good }) => good],
    ['the good one, again', ({ good }) => good],
    ['one of the type for access tokens', (kit) => signed(kit, {}, { typ: 'at+jwt' })],
    ['one without a type', (kit) => signed(kit, {}, { typ: undefined })],
    [
      'one for several audiences, us among them',
      (kit) => signed(kit, { aud: ['other', kit.issuer.audience] }),
    ],
    ['one with claims of its own', (kit) => signed(kit, { 'urn:acme:plan': { seats: [1, 2] } })],
    ['one that names no membership', (kit) => signed(kit, { organization_membership_id: undefined })],
    ['one with an empty membership', (kit) => signed(kit, { organization_membership_id: '' })],
    ['one that began this second', (kit) => signed(kit, { nbf: kit.nowSec })],
    ['one of 12 KiB', (kit) => signed(kit, { pad: 'x'.repeat(9_000) })],
  ])('%s is 200', async (_, build) => {
    const token = await build(kit)
    for (const path of ['/billing', '/projects/web']) expect((await get(path, token)).status).toBe(200)
    expect(handled).toBe(2)
  })

  test('A44: a membership of another organization opens what the token answers for, and nothing the engine decides', async () => {
    const crossed = { organization_membership_id: bed.membership('gus').id }
    expect((await get('/billing', await signed(kit, crossed))).status).toBe(200)
    const silent = await signed(kit, { ...crossed, permissions: [] })
    expect((await get('/billing', silent)).status).toBe(403)
    expect((await get('/projects/web', silent)).status).toBe(403)
    expect((await get('/projects/web', await signed(kit, { permissions: [] }))).status).toBe(200)
  })

  test('A48: a token is refused once it has expired, though it has just been accepted', async () => {
    const token = await signed(kit, { exp: kit.nowSec + 60 })
    expect((await get('/billing', token)).status).toBe(200)
    nowMs = start + 64_999
    expect((await get('/billing', token)).status).toBe(200)
    nowMs = start + 65_000
    expect((await get('/billing', token)).status).toBe(401)
  })
})

describe('a request that carries a good token in a bad way', () => {
  test.each<[string, (token: string) => readonly string[]]>([
    ['A21: the scheme twice', (token) => [`Authorization: Bearer Bearer ${token}`]],
    ['A21: a tab behind the scheme', (token) => [`Authorization: bearer\t${token}`]],
    ['A21: two spaces behind the scheme', (token) => [`Authorization: Bearer  ${token}`]],
    ['A21: another scheme', (token) => [`Authorization: Token ${token}`]],
    ['A21: no scheme', (token) => [`Authorization: ${token}`]],
    ['A21: something behind it', (token) => [`Authorization: Bearer ${token}, Bearer x`]],
    ['A22: two headers', (token) => [`Authorization: Bearer ${token}`, 'Authorization: Bearer other']],
    [
      'A22: two headers, the good one last',
      (token) => ['Authorization: Bearer other', `Authorization: Bearer ${token}`],
    ],
    [
      'A22: two headers, both good',
      (token) => [`Authorization: Bearer ${token}`, `authorization: Bearer ${token}`],
    ],
    ['A23: a header of another name', (token) => [`X-Access-Token: ${token}`]],
    ['A23: a cookie that nobody configured', (token) => [`Cookie: token=${token}`]],
  ])('%s: refused, and no handler runs', async (_, headers) => {
    const status = await statusOf(['GET /billing HTTP/1.1', ...headers(kit.good)])
    expect([400, 401]).toContain(status)
    expect(handled).toBe(0)
  })

  test('A23: in the address or in a form it is not looked at', async () => {
    const inAddress = await statusOf([`GET /billing?access_token=${kit.good} HTTP/1.1`])
    const form = `access_token=${kit.good}`
    const inForm = await statusOf(
      [
        'POST /billing HTTP/1.1',
        'Content-Type: application/x-www-form-urlencoded',
        `Content-Length: ${Buffer.byteLength(form)}`,
      ],
      form,
    )
    expect([inAddress, inForm]).toEqual([401, 401])
    expect(handled).toBe(0)
  })

  test('and one that carries it as it should is 200', async () => {
    expect(await statusOf(['GET /billing HTTP/1.1', `Authorization: Bearer ${kit.good}`])).toBe(200)
    expect(await statusOf(['GET /billing HTTP/1.1', `AUTHORIZATION: bearer ${kit.good}`])).toBe(200)
    expect(handled).toBe(2)
  })

  test.each([64, 1_024])(
    'A46: a token of %d KiB is refused by the server, or by us where it lets such headers in',
    async (kib) => {
      const token = await signed(kit, { pad: 'x'.repeat(kib * 768) })
      const lines = ['GET /billing HTTP/1.1', `Authorization: Bearer ${token}`]
      expect(await statusOf(lines)).toBe(431)
      const options: ServerOptions<typeof IncomingMessage> = { maxHeaderSize: 4 * 1_048_576 }
      const roomy = await listening(createServer(options, application()))
      expect(await statusOf(lines, '', roomy)).toBe(401)
      expect(await statusOf(['GET /billing HTTP/1.1', `Authorization: Bearer ${kit.good}`], '', roomy)).toBe(
        200,
      )
      await closed(roomy)
      expect(handled).toBe(1)
    },
  )
})

describe('handed to the verifier itself', () => {
  test.each([...badTokens, ...unsendableTokens])(
    '$id: a token with $name yields no session',
    async ({ build }) => {
      await expect(sessions.verify(await build(kit))).rejects.toMatchObject({ name: 'SessionInvalid' })
      expect(attackerCalls).toBe(0)
    },
  )

  test.each([undefined, null, 7, {}, ['a.b.c']])('%j yields no session', async (token) => {
    await expect(sessions.verify(token as string)).rejects.toMatchObject({ code: 'session_malformed' })
  })

  test('every bit of a good token counts: with any one turned, it yields no session', async () => {
    const [header, payload, signature] = partsOf(kit.good)
    const accepted: string[] = []
    for (const [at, part] of [header, payload, signature].entries()) {
      const bytes = Buffer.from(part, 'base64url')
      for (let bit = 0; bit < bytes.length * 8; bit += 7) {
        const turned = Buffer.from(bytes)
        turned[bit >> 3] = (turned[bit >> 3] as number) ^ (1 << (bit & 7))
        const token = [header, payload, signature].with(at, turned.toString('base64url')).join('.')
        await sessions.verify(token).then(
          () => accepted.push(token),
          () => {},
        )
      }
    }
    expect(accepted).toEqual([])
    expect(await sessions.verify(kit.good)).toMatchObject({ userId: 'user_ada' })
  })
})
