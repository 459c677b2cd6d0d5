import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RawRequest, request } from './request.js'
import { type StartedServer, startServer } from './start-server.js'

let server: StartedServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

/** Write, and have the answer, and the token that came with it. */
async function write(raw: RawRequest) {
  const { status, json, headers } = await request(server, {
    ...raw,
    headers: { 'x-request-id': 'req_of_mine' },
  })
  expect(status).toBeLessThan(300)
  return { json, token: String(headers['bailiwick-consistency-token']) }
}

/** What the log says of some actions, and in it everything that is said of them anywhere. */
async function told(actions: string) {
  const { json, text } = await request(server, { path: `/audit_logs?order=asc&limit=100&actions=${actions}` })
  return { entries: json.data, text }
}

const mine = { actor: { type: 'api_key', id: 'key_configured' }, request_id: 'req_of_mine' }

describe('the audit log says who changed', () => {
  test('a key: that it was made, rotated and revoked, and never what it is', async () => {
    const { json: made, token } = await write({
      method: 'POST',
      path: '/api_keys',
      body: { name: 'ci', scopes: ['check'] },
    })
    const { json: next, token: later } = await write({ method: 'POST', path: `/api_keys/${made.id}/rotate` })
    await write({ method: 'DELETE', path: `/api_keys/${made.id}` })
    // A second time changes nothing, and nothing is told.
    await write({ method: 'DELETE', path: `/api_keys/${made.id}` })
    const { entries, text } = await told('api_key')
    const id = made.id
    expect(entries).toMatchObject([
      {
        ...mine,
        action: 'api_key.created',
        targets: [{ type: 'api_key', id }],
        before: null,
        after: { id, name: 'ci', scopes: ['check'], expires_at: null, revoked_at: null },
      },
      {
        ...mine,
        action: 'api_key.updated',
        before: { id, expires_at: null },
        after: { id, expires_at: expect.any(String), revoked_at: null },
      },
      { ...mine, action: 'api_key.created', before: null, after: { id: next.id, name: 'ci' } },
      {
        ...mine,
        action: 'api_key.updated',
        before: { id, revoked_at: null },
        after: { id, revoked_at: expect.any(String) },
      },
    ])
    for (const { secret } of [made, next]) expect(text).not.toContain(secret.slice(6, -4))
    expect(later).not.toBe(token)
  })

  test('a webhook endpoint: where it was and where it is, and never what it signs with', async () => {
    const [first, second] = ['https://hooks.example.com/one', 'https://hooks.example.com/two']
    const { json: made } = await write({
      method: 'POST',
      path: '/webhook_endpoints',
      body: { endpoint_url: first, events: ['group.created'] },
    })
    const path = `/webhook_endpoints/${made.id}`
    await write({ method: 'PATCH', path, body: { endpoint_url: second } })
    const { json: rotated } = await write({ method: 'POST', path: `${path}/rotate_secret` })
    await write({ method: 'DELETE', path })
    const { entries, text } = await told('webhook_endpoint')
    expect(entries).toMatchObject([
      { ...mine, action: 'webhook_endpoint.created', before: null, after: { url: first } },
      { ...mine, action: 'webhook_endpoint.updated', before: { url: first }, after: { url: second } },
      { ...mine, action: 'webhook_endpoint.updated', before: { url: second }, after: { url: second } },
      { ...mine, action: 'webhook_endpoint.deleted', before: { url: second }, after: null },
    ])
    for (const { secret } of [made, rotated]) expect(text).not.toContain(secret.slice(6))
  })

  test('the template of tokens: what it was and what it is', async () => {
    const put = (content: string) =>
      write({ method: 'PUT', path: '/user_management/jwt_template', body: { content } })
    await put('{"a": 1}')
    await put('{"a": 2}')
    expect((await told('jwt_template')).entries).toMatchObject([
      { ...mine, action: 'jwt_template.created', before: null, after: { content: '{"a": 1}' } },
      {
        ...mine,
        action: 'jwt_template.updated',
        before: { content: '{"a": 1}' },
        after: { content: '{"a": 2}' },
      },
    ])
  })
})

test('the log says who rotated the keys of a client, and never what they are', async () => {
  const { json } = await write({ method: 'POST', path: '/sso/jwks/client_development/rotate' })
  const { entries, text } = await told('signing_key')
  const [{ kid: id, n }] = json.keys
  expect(entries).toMatchObject([
    {
      ...mine,
      action: 'signing_key.created',
      organization_id: null,
      targets: [{ type: 'signing_key', id }],
      before: null,
    },
  ])
  const created_at = expect.any(String)
  expect(entries[0].after).toEqual({ id, client_id: 'client_development', created_at })
  expect(text).not.toContain(n)
})

test('the token of such a change is one that reads are asked with', async () => {
  const { token } = await write({ method: 'POST', path: '/api_keys', body: { name: 'x', scopes: ['read'] } })
  const read = (consistency: string) =>
    request(server, { path: '/api_keys', headers: { 'bailiwick-consistency': consistency } })
  expect((await read(token)).status).toBe(200)
  const [store, shard, revision] = JSON.parse(Buffer.from(token, 'base64url').toString())
  const future = Buffer.from(JSON.stringify([store, shard, revision + 1])).toString('base64url')
  expect((await read(future)).status).toBe(503)
})

test('a key that the service makes itself is told of too', async () => {
  await server.server.keys.create({ name: 'first', scopes: ['admin'] })
  expect((await told('api_key.created')).entries.at(-1)).toMatchObject({
    actor: { type: 'system', id: 'server' },
    after: { name: 'first' },
  })
})
