import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
// Commands load these when they need them, which is no part of what a test takes.
import '@bailiwick/client'
import '@bailiwick/server'
import { openEngine } from '@bailiwick/engine'
import { sqlite } from '@bailiwick/engine/sqlite'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { keysCommand } from './keys-command.js'
import { localKeys } from './local-keys.js'

const dayMs = 86_400_000

let out: string[]
let err: string[]
beforeEach(() => {
  out = []
  err = []
  vi.spyOn(console, 'log').mockImplementation((line) => void out.push(String(line)))
  vi.spyOn(console, 'error').mockImplementation((line) => void err.push(String(line)))
})
afterEach(() => vi.restoreAllMocks())

const run = (...args: readonly string[]) => keysCommand().exitOverride().parseAsync(args, { from: 'user' })

describe('`bailiwick keys` of a service', () => {
  let server: Server
  let asked: { readonly to: string; readonly body: Record<string, unknown> | undefined }[]
  let there: readonly string[]
  beforeEach(async () => {
    asked = []
    server = createServer(async (request, response) => {
      const body = await text(request)
      asked.push({ to: `${request.method} ${request.url}`, body: body === '' ? undefined : JSON.parse(body) })
      response.end('{"id":"key_2","secret":"sk_the_new_one"}')
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    there = ['--url', url, '--api-key', 'sk_example_for_this_page']
  })
  afterEach(() => void server.close())

  test('makes keys that hold for ever, or as many days as are said', async () => {
    const before = Date.now()
    await run('create', '-n', 'ci', '-s', 'read,check', ...there)
    await run('create', '-n', 'ci', '-s', 'read', '--expires-in-days', '2', ...there)
    const [ever, days] = asked
    expect(ever).toEqual({
      to: 'POST /api_keys',
      body: { name: 'ci', scopes: ['read', 'check'], expires_at: null },
    })
    const expiresAt = Date.parse(String(days?.body?.expires_at))
    expect(expiresAt).toBeGreaterThanOrEqual(before + 2 * dayMs)
    expect(expiresAt).toBeLessThanOrEqual(Date.now() + 2 * dayMs)
  })

  test('keeps the old one as long as is said, or as the service does', async () => {
    await run('rotate', 'key_1', ...there)
    await run('rotate', 'key_1', '--keep-old-for-sec', '0', ...there)
    await run('rotate', 'key_1', '--keep-old-for-sec', '7', ...there)
    expect(asked.map(({ to }) => to)).toEqual(Array(3).fill('POST /api_keys/key_1/rotate'))
    expect(asked.map(({ body }) => body)).toEqual([{}, { keep_old_for_sec: 0 }, { keep_old_for_sec: 7 }])
  })

  test('writes a new key to stdout and nowhere else, alone', async () => {
    await run('create', '-n', 'ci', '-s', 'read', ...there)
    expect(out).toEqual(['sk_the_new_one'])
    expect(err.join()).not.toContain('sk_')
  })

  test('reaches no other path by an id, whatever it is', async () => {
    await run('revoke', '../organizations/org_acme?', ...there)
    expect(asked.map(({ to }) => to)).toEqual(['DELETE /api_keys/..%2Forganizations%2Forg_acme%3F'])
  })
})

test('a key of a data file holds as many seconds longer as are said', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bailiwick-keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const data = join(folder, 'authz.db')
  await (await openEngine({ store: sqlite(data) })).close()
  const desk = await localKeys({ data })
  const { id } = await desk.create({ name: 'ci', scopes: ['read'], expiresAt: null })
  const before = Date.now()
  await desk.rotate(id, 60)
  const old = (await desk.list()).find((key) => key.id === id)
  await desk.close()
  const expiresAt = Date.parse(String(old?.expiresAt))
  expect(expiresAt).toBeGreaterThanOrEqual(before + 60_000)
  expect(expiresAt).toBeLessThanOrEqual(Date.now() + 60_000)
})
