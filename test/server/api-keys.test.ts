import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { request } from './request.js'
import { type StartedServer, startServer } from './start-server.js'

let server: StartedServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

const make = (body: object) => request(server, { method: 'POST', path: '/api_keys', body })
const read = (key: string) => request(server, { path: '/authorization/permissions', key })

describe('a key made over HTTP', () => {
  test('holds until it is revoked, and not a request longer', async () => {
    const { status, json } = await make({ name: 'reader', scopes: ['read'] })
    expect(status).toBe(201)
    expect((await read(json.secret)).status).toBe(200)
    const revoked = await request(server, { method: 'DELETE', path: `/api_keys/${json.id}` })
    expect(revoked.status).toBe(204)
    expect(await read(json.secret)).toMatchObject({ status: 401, json: { code: 'unauthorized' } })
  })

  test('is shown once', async () => {
    const { json } = await make({ name: 'shown', scopes: ['read', 'check'] })
    const listed = await request(server, { path: '/api_keys' })
    expect(listed.json.data.find(({ id }: { id: string }) => id === json.id)).toEqual({
      object: 'api_key',
      id: json.id,
      name: 'shown',
      scopes: ['read', 'check'],
      hint: json.hint,
      created_at: json.created_at,
      expires_at: null,
      revoked_at: null,
      last_used_at: null,
    })
    expect(listed.text).not.toContain(json.secret)
  })

  test('is not told again to a request with the same `Idempotency-Key`', async () => {
    const asked = {
      method: 'POST',
      path: '/api_keys',
      body: { name: 'twice', scopes: ['read'] },
      headers: { 'idempotency-key': 'k-1' },
    }
    const first = await request(server, asked)
    const second = await request(server, asked)
    expect(second.json.id).not.toBe(first.json.id)
    const notes = await server.engine.notebook.list('idempotency')
    expect(JSON.stringify(notes)).not.toContain(first.json.secret)
  })

  test('ends when it was to end, which cannot be in the past', async () => {
    const until = (expiresAt: string) => make({ name: 'guest', scopes: ['read'], expires_at: expiresAt })
    const { json } = await until('2999-01-01T00:00:00.000Z')
    expect((await read(json.secret)).status).toBe(200)
    expect(await until('2020-01-01T00:00:00.000Z')).toMatchObject({
      status: 422,
      json: { errors: [{ field: 'expires_at' }] },
    })
  })

  test('can be rotated: both hold', async () => {
    const { json: old } = await make({ name: 'ci', scopes: ['read'] })
    const rotated = await request(server, { method: 'POST', path: `/api_keys/${old.id}/rotate`, body: {} })
    expect(rotated).toMatchObject({ status: 201, json: { name: 'ci', scopes: ['read'] } })
    expect((await read(old.secret)).status).toBe(200)
    expect((await read(rotated.json.secret)).status).toBe(200)
  })

  test('can be rotated with the old one ending now', async () => {
    const { json: old } = await make({ name: 'leaked', scopes: ['read'] })
    await read(old.secret)
    const path = `/api_keys/${old.id}/rotate`
    await request(server, { method: 'POST', path, body: { keep_old_for_sec: 0 } })
    expect((await read(old.secret)).status).toBe(401)
  })

  test.each([
    ['no name', { scopes: ['read'] }],
    ['no scopes', { name: 'x', scopes: [] }],
    ['a scope that there is not', { name: 'x', scopes: ['root'] }],
    ['an end that is no time', { name: 'x', scopes: ['read'], expires_at: 'soon' }],
  ])('with %s is refused', async (_, body) => {
    expect(await make(body)).toMatchObject({ status: 422, json: { code: 'invalid_request_parameters' } })
  })

  test('that does not exist is not found', async () => {
    const answer = await request(server, { method: 'DELETE', path: '/api_keys/key_nobody' })
    expect(answer).toMatchObject({ status: 404, json: { code: 'not_found', reason: 'api_key_not_found' } })
  })
})
