import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryStore } from '@bailiwick/engine'
import { sqlite } from '@bailiwick/engine/sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { request } from './request.js'
import { type StartedServer, startServer } from './start-server.js'

let folder: string
let server: StartedServer
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bailiwick-'))
  server = await start()
})
afterEach(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

const start = () => startServer({ store: sqlite(join(folder, 'authz.db')), apiKey: 'sk_test_the_same_key' })

const organization = (name: string, key: string | undefined) =>
  request(server, {
    method: 'POST',
    path: '/organizations',
    body: { name },
    headers: key === undefined ? {} : { 'idempotency-key': key },
  })

const count = async () => (await server.engine.listOrganizations({})).items.length

describe('the same request again', () => {
  test('has one effect, and the same answer with the same token', async () => {
    const first = await organization('Acme', 'a')
    const second = await organization('Acme', 'a')
    expect(first.status).toBe(201)
    expect(second.status).toBe(201)
    expect(second.text).toBe(first.text)
    const token = 'bailiwick-consistency-token'
    expect(second.headers[token]).toBe(first.headers[token])
    expect(first.headers[token]).toEqual(expect.any(String))
    expect(await count()).toBe(1)
  })

  test('without a key, or with another, is another request', async () => {
    await organization('Acme', undefined)
    await organization('Acme', undefined)
    await organization('Acme', 'b')
    expect(await count()).toBe(3)
  })

  test('has one effect when ten come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => organization('Acme', 'a')))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(await count()).toBe(1)
  })

  test('has one effect over a restart', async () => {
    const first = await organization('Acme', 'a')
    await server.close()
    server = await start()
    expect((await organization('Acme', 'a')).text).toBe(first.text)
    expect(await count()).toBe(1)
  })

  test('has one effect, and the same answer, at another node that has the same store', async () => {
    const store = memoryStore()
    const [one, other] = await Promise.all(
      [1, 2].map(() => startServer({ store, apiKey: 'sk_test_the_same_key' })),
    )
    const create = (node: StartedServer | undefined) =>
      request(node as StartedServer, {
        method: 'POST',
        path: '/organizations',
        body: { name: 'Acme' },
        headers: { 'idempotency-key': 'a' },
      })
    const first = await create(one)
    expect(first.status).toBe(201)
    expect((await create(other)).text).toBe(first.text)
    expect((await other?.engine.listOrganizations({}))?.items).toHaveLength(1)
    for (const node of [one, other]) await node?.close()
  })

  test('with another body is refused', async () => {
    await organization('Acme', 'a')
    expect(await organization('Globex', 'a')).toMatchObject({
      status: 422,
      json: { code: 'idempotency_key_reused' },
    })
    expect(await count()).toBe(1)
  })

  test('with an API key of another is another request', async () => {
    await organization('Acme', 'a')
    const { secret } = await server.server.keys.create({ name: 'other', scopes: ['write'] })
    await request(server, {
      method: 'POST',
      path: '/organizations',
      key: secret,
      body: { name: 'Acme' },
      headers: { 'idempotency-key': 'a' },
    })
    expect(await count()).toBe(2)
  })

  test('that was not well-formed is put right under the same key', async () => {
    expect((await organization('', 'a')).status).toBe(422)
    expect((await organization('Acme', 'a')).status).toBe(201)
  })

  test('that could not be answered for now has its effect when it can', async () => {
    const { headers } = await organization('Acme', 'a')
    const token = String(headers['bailiwick-consistency-token'])
    const [store, shard] = JSON.parse(Buffer.from(token, 'base64url').toString())
    const yetToCome = Buffer.from(JSON.stringify([store, shard, 99])).toString('base64url')
    const ask = (more: Readonly<Record<string, string>>) =>
      request(server, {
        method: 'POST',
        path: '/organizations',
        body: { name: 'Globex' },
        headers: { 'idempotency-key': 'b', ...more },
      })
    expect(await ask({ 'bailiwick-consistency': yetToCome })).toMatchObject({
      status: 503,
      json: { reason: 'consistency_unreachable' },
    })
    expect(await count()).toBe(1)
    expect((await ask({})).status).toBe(201)
    expect(await count()).toBe(2)
  })

  test('that was refused by a rule is refused again, whatever has become of that', async () => {
    const { value } = await server.engine.createOrganization({ name: 'Acme', externalId: 'acme' })
    const ask = (key: string) =>
      request(server, {
        method: 'POST',
        path: '/organizations',
        body: { name: 'Acme', external_id: 'acme' },
        headers: { 'idempotency-key': key },
      })
    const refused = await ask('a')
    expect(refused).toMatchObject({ status: 400, json: { reason: 'organization_exists' } })
    await server.engine.updateOrganization(value.id, { externalId: null })
    const again = await ask('a')
    expect([again.status, again.text]).toEqual([refused.status, refused.text])
    expect((await ask('b')).status).toBe(201)
  })

  test('with a key of 256 characters is a bad request', async () => {
    expect((await organization('Acme', 'x'.repeat(255))).status).toBe(201)
    expect(await organization('Acme', 'x'.repeat(256))).toMatchObject({ status: 400 })
  })
})
