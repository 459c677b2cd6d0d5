import type { Authorizer } from '@bailiwick/client'
import { StoreUnavailable } from '@bailiwick/core'
import {
  authorizationOf,
  header,
  protectedResource,
  requirePermission,
  requireSession,
  type ToolRequirements,
  toolGuard,
} from '@bailiwick/mcp'
import { type TestEngine, testEngine } from '@bailiwick/testing'
import type { AuthInfo } from '@modelcontextprotocol/sdk/server/auth/types.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { JSONRPCMessage, MessageExtraInfo } from '@modelcontextprotocol/sdk/types.js'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { model } from './product.js'

let bed: TestEngine<typeof model>
beforeAll(async () => {
  bed = await testEngine({
    model,
    organizations: {
      acme: {
        resources: { 'workspace:eng': { 'project:web': {}, 'project:app': {} } },
        people: { ada: { roles: ['owner'] }, bob: { on: { 'project:web': 'project-editor' } } },
      },
    },
  })
})
afterAll(() => bed.close())

describe('the door of a server', () => {
  const at = (resource: string, authz: Pick<Authorizer, 'authenticate'> = bed.authz) =>
    protectedResource(authz as Authorizer, {
      resource,
      authorizationServers: ['https://login.example.com'],
      scopes: ['read'],
      name: 'Product',
    })
  const door = 'https://mcp.example.com/mcp?tenant=acme'

  /** Send a request to it: who it says has come, what it answers, and what it hands on. */
  async function enter(token: string, authz?: Pick<Authorizer, 'authenticate'>) {
    const rawHeaders = ['Authorization', `Bearer ${token}`]
    const req: { rawHeaders: string[]; auth?: AuthInfo } = { rawHeaders }
    const writeHead = vi.fn()
    const passed = await new Promise((resolve) => {
      const res = { writeHead, end: () => resolve('answered') }
      at(door, authz).requireSession(req as never, res as never, (error) => resolve(error ?? 'let in'))
    })
    return { passed, auth: req.auth, answer: writeHead.mock.calls[0] as [number, object] | undefined }
  }

  test('says by what client a token came, and how long it holds', async () => {
    const clients = [{ client_id: 'app', azp: 'other' }, { azp: 'other' }, { client_id: 7 }, {}]
    const told: unknown[] = []
    for (const claims of clients) {
      const token = await bed.tokenFor('ada', { claims })
      const { passed, auth } = await enter(token)
      const { expiresAt } = await bed.authz.authenticate(token)
      expect([passed, auth]).toMatchObject(['let in', { token, scopes: [], expiresAt }])
      told.push(auth?.clientId)
    }
    expect(told).toEqual(['app', 'other', 'user_ada', 'user_ada'])
  })

  test('leads to the metadata of this server, with what else a client should know', async () => {
    const told = { writeHead: vi.fn(), end: vi.fn() }
    at(door).metadata(undefined as never, told as never)
    expect(JSON.parse(told.end.mock.calls[0]?.[0])).toMatchObject({
      resource: door,
      scopes_supported: ['read'],
      resource_name: 'Product',
    })
    expect(at('https://mcp.example.com').metadataPath).toBe('/.well-known/oauth-protected-resource')
    expect(await enter('abc')).toMatchObject({
      passed: 'answered',
      answer: [
        401,
        { 'www-authenticate': expect.stringContaining('oauth-protected-resource/mcp?tenant=acme"') },
      ],
    })
  })

  test('lets nobody in while it cannot tell, nor where something is broken, and challenges nobody then', async () => {
    const failing = (error: Error) => ({ authenticate: () => Promise.reject(error) })
    const { passed, auth, answer } = await enter('abc', failing(new StoreUnavailable('down')))
    expect([passed, auth, answer?.[0]]).toEqual(['answered', undefined, 503])
    expect(answer?.[1]).toMatchObject({ 'retry-after': expect.anything() })
    expect(answer?.[1]).not.toHaveProperty('www-authenticate')
    const bug = new Error('a bug')
    expect(await enter('abc', failing(bug))).toEqual({ passed: bug, auth: undefined, answer: undefined })
  })
})

describe('a guard over a transport', () => {
  /** One that stands over a transport of the test's own. */
  async function standing(tools: ToolRequirements = {}) {
    const inner = {
      sessionId: 'session_1',
      start: async () => {},
      send: vi.fn<Transport['send']>(async () => {}),
      close: vi.fn(async () => {}),
      setProtocolVersion: vi.fn(),
    } satisfies Transport
    const over: Transport = inner
    const guarded = toolGuard(bed.authz, tools).over(over)
    const met = vi.fn<NonNullable<Transport['onmessage']>>()
    const [closed, failed] = [vi.fn(), vi.fn()]
    await guarded.start()
    Object.assign(guarded, { onmessage: met, onclose: closed, onerror: failed })
    const receive = (id: number, extra: MessageExtraInfo, request: object = { method: 'ping' }) =>
      over.onmessage?.({ jsonrpc: '2.0', id, ...request } as JSONRPCMessage, extra)
    return { inner, over, guarded, met, closed, failed, receive }
  }

  test('is that transport in all else', async () => {
    const { inner, over, guarded, closed, failed } = await standing()
    over.onclose?.()
    const error = new Error('cut off')
    over.onerror?.(error)
    expect([closed.mock.calls.length, failed.mock.calls]).toEqual([1, [[error]]])
    guarded.setProtocolVersion?.('2025-06-18')
    expect(inner.setProtocolVersion).toHaveBeenCalledWith('2025-06-18')
    expect(guarded.sessionId).toBe('session_1')
    const notice: JSONRPCMessage = { jsonrpc: '2.0', method: 'notifications/progress' }
    await guarded.send(notice, { relatedRequestId: 7 })
    expect(inner.send).toHaveBeenCalledWith(notice, { relatedRequestId: 7 })
    await guarded.close()
    expect(inner.close).toHaveBeenCalledOnce()
  })

  test('finds the token where the SDK puts it, else in the header, and hands on what came with the message', async () => {
    const [bob, ada] = [await bed.tokenFor('bob'), await bed.tokenFor('ada')]
    const requestInfo = (token: string) => ({ headers: { authorization: `Bearer ${token}`, 'x-trace': '7' } })
    const authInfo = (token: string) => ({ token, clientId: 'app', scopes: ['a'] })
    const { inner, met, receive } = await standing()
    receive(1, { requestInfo: requestInfo(bob) })
    receive(2, { authInfo: authInfo(''), requestInfo: requestInfo(bob) })
    receive(3, { authInfo: authInfo(bob), requestInfo: requestInfo(ada) })
    await expect.poll(() => met.mock.calls.length).toBe(3)
    for (const [, extra] of met.mock.calls) {
      expect(authorizationOf(extra ?? {}).session?.userId).toBe('user_bob')
      expect(extra?.requestInfo?.headers['x-trace']).toBe('7')
    }
    const [, , [, third] = []] = met.mock.calls
    expect(third?.authInfo).toEqual(authInfo(bob))
    receive(4, { requestInfo: requestInfo(ada) })
    await expect.poll(() => inner.send.mock.calls.length).toBe(1)
    expect(inner.send).toHaveBeenCalledWith(
      expect.objectContaining({
        id: 4,
        error: { code: -32_001, message: expect.stringContaining('opened by somebody else') },
      }),
    )
    expect(met).toHaveBeenCalledTimes(3)
  })

  test('reads headers of the request that brought a call, for a locator too', async () => {
    const { inner, met, failed, receive } = await standing({
      named: requirePermission('project:edit', { resource: header('x-project') }),
      found: requirePermission('project:edit', {
        resource: ({ native }) => ({
          type: 'project',
          externalId: String((native as MessageExtraInfo).requestInfo?.headers['x-project']),
        }),
      }),
      broken: requirePermission('project:edit', { resource: () => Promise.reject(new Error('a bug')) }),
    })
    const authInfo = { token: await bed.tokenFor('bob'), clientId: 'app', scopes: [] }
    const call = (id: number, name: string, project: string) =>
      receive(
        id,
        { authInfo, requestInfo: { headers: { 'x-project': project } } },
        { method: 'tools/call', params: { name } },
      )
    call(1, 'named', 'web')
    call(2, 'found', 'web')
    await expect.poll(() => met.mock.calls.length).toBe(2)
    call(3, 'named', 'app')
    call(4, 'found', 'app')
    call(5, 'broken', 'web')
    await expect.poll(() => inner.send.mock.calls.length).toBe(3)
    expect(met).toHaveBeenCalledTimes(2)
    // The client is told that something is wrong, and whoever runs the server what.
    expect(failed.mock.calls).toEqual([[new Error('a bug')]])
  })

  test('forgets who asked for a list that is cancelled, since nobody may ever answer it', async () => {
    const { inner, over, guarded, met, receive } = await standing({ whoami: requireSession() })
    const extra = { authInfo: { token: await bed.tokenFor('bob'), clientId: 'app', scopes: [] } }
    const cancelled = { method: 'notifications/cancelled', params: { requestId: 1 } }
    for (const id of [1, 2]) receive(id, extra, { method: 'tools/list' })
    await expect.poll(() => met.mock.calls.length).toBe(2)
    over.onmessage?.({ jsonrpc: '2.0', ...cancelled }, extra)
    await expect.poll(() => met.mock.calls.length).toBe(3)
    // The server hears of it as well. One that answers all the same shows nothing.
    expect(met.mock.calls[2]?.[0]).toMatchObject(cancelled)
    for (const id of [1, 2])
      await guarded.send({ jsonrpc: '2.0', id, result: { tools: [{ name: 'whoami' }] } })
    expect(inner.send.mock.calls.map(([message]) => message)).toMatchObject([
      { id: 1, result: { tools: [] } },
      { id: 2, result: { tools: [{ name: 'whoami' }] } },
    ])
  })

  test('tells of a refusal that reaches nobody, and lets nothing through', async () => {
    const { inner, met, failed, receive } = await standing()
    inner.send.mockRejectedValue(new Error('the client is gone'))
    receive(1, {})
    await expect.poll(() => failed.mock.calls).toEqual([[new Error('the client is gone')]])
    expect(met).not.toHaveBeenCalled()
  })
})
