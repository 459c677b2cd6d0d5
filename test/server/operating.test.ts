import { connect } from 'node:net'
import { InputInvalid, StoreUnavailable } from '@bailiwick/core'
import { afterEach, describe, expect, test } from 'vitest'
import { memoryLog } from './memory-log.js'
import { request } from './request.js'
import { type StartedServer, type StartOptions, startServer } from './start-server.js'

let server: StartedServer
afterEach(() => server.close())

const start = async (options?: StartOptions) => {
  server = await startServer(options)
  return server
}

describe('health', () => {
  test('is that the process answers, to everybody', async () => {
    await start()
    const answer = await request(server, { path: '/healthz', key: null })
    expect(answer).toMatchObject({ status: 200, json: { status: 'ok' } })
  })
})

describe('readiness', () => {
  const ready = () => request(server, { path: '/readyz', key: null })

  test('is that the store can be written', async () => {
    await start()
    expect(await ready()).toMatchObject({ status: 200, json: { status: 'ready' } })
  })

  test('ends when the store fails, while the process is healthy', async () => {
    await start()
    await server.engine.close()
    expect(await ready()).toMatchObject({ status: 503, json: { status: 'store_unavailable' } })
    expect((await request(server, { path: '/healthz', key: null })).status).toBe(200)
  })

  test('ends at once when the service is told to stop, while it still answers', async () => {
    await start()
    const closing = server.server.close({ drainMs: 2_000 })
    const answer = await ready()
    expect(answer).toMatchObject({ status: 503, json: { status: 'stopping' } })
    expect(answer.headers.connection).toBe('close')
    const asked = await request(server, { path: '/authorization/permissions' })
    expect(asked.status).toBe(200)
    await closing
  })
})

describe('metrics', () => {
  const metrics = (key?: string | null) =>
    request(server, { path: '/metrics', ...(key === undefined ? {} : { key }) })

  test('are for keys that may read', async () => {
    await start()
    const check = await server.server.keys.create({ name: 'check', scopes: ['check'] })
    const read = await server.server.keys.create({ name: 'read', scopes: ['read'] })
    expect((await metrics(null)).status).toBe(401)
    expect((await metrics(check.secret)).status).toBe(403)
    expect((await metrics(read.secret)).status).toBe(200)
  })

  test('are for everybody where the operator says so', async () => {
    await start({ metrics: 'public' })
    expect((await metrics(null)).status).toBe(200)
  })

  test('count requests by route and status, and never by what a caller wrote', async () => {
    await start()
    await request(server, { path: '/authorization/permissions' })
    await request(server, { path: '/authorization/permissions/secret-of-mine' })
    await request(server, { path: '/secret-of-mine' })
    const { text } = await metrics()
    const counted = 'bailiwick_http_request_duration_seconds_count'
    expect(text).toContain(`${counted}{method="GET",route="/authorization/permissions",status="200"} 1`)
    expect(text).toContain(
      `${counted}{method="GET",route="/authorization/permissions/{slug}",status="404"} 1`,
    )
    expect(text).not.toContain('secret-of-mine')
  })
})

describe('who follows the feed', () => {
  const figures = async () =>
    /^bailiwick_feed_readers (\d+)$/m.exec((await request(server, { path: '/metrics' })).text)?.[1]

  test('is counted while she does, and no request', async () => {
    const { log, lines } = memoryLog()
    await start({ log })
    expect(await figures()).toBe('0')
    const headers = { authorization: `Bearer ${server.apiKey}` }
    const reading = new AbortController()
    await fetch(`${server.url}/changes`, { headers, signal: reading.signal })
    expect(await figures()).toBe('1')
    expect(lines).toEqual([])
    reading.abort()
    await expect.poll(figures).toBe('0')
  })
})

describe('what can be got', () => {
  const ask = (method: string, path: string) =>
    fetch(server.url + path, { method, headers: { authorization: `Bearer ${server.apiKey}` } })

  test('can be asked about without its body', async () => {
    await start()
    const [got, asked] = await Promise.all(
      ['GET', 'HEAD'].map((method) => ask(method, '/authorization/permissions')),
    )
    expect(asked?.status).toBe(200)
    expect(await asked?.text()).toBe('')
    expect(asked?.headers.get('content-length')).toBe(String((await got?.text())?.length))
  })

  test('cannot where it is a stream', async () => {
    await start()
    const answer = await ask('HEAD', '/changes')
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET'])
  })
})

describe('the log', () => {
  test('has one line a request, with no key, header, body or path of the caller', async () => {
    const { log, lines } = memoryLog()
    await start({ log })
    await request(server, {
      method: 'POST',
      path: '/authorization/permissions',
      body: { slug: 'project:edit', name: 'hush-name' },
      headers: { cookie: 'session=hush-cookie', 'x-request-id': 'trace-7' },
    })
    await request(server, { path: '/authorization/permissions/hush-path?token=hush-query' })
    await request(server, { path: '/authorization/permissions', key: 'sk_hush_wrong_key' })
    await request(server, { path: '/hush-nowhere' })
    const text = lines.join('\n')
    expect(text).not.toContain('hush')
    expect(text).not.toContain(server.apiKey)
    expect(JSON.parse(lines[0] as string)).toMatchObject({
      level: 'info',
      requestId: 'trace-7',
      method: 'POST',
      route: '/authorization/permissions',
      status: 201,
      keyId: 'key_configured',
      ms: expect.any(Number),
    })
    expect(lines.map((line) => JSON.parse(line).status)).toEqual([201, 404, 401, 404])
  })

  test('tells of a failure that the answer conceals', async () => {
    const { log, lines } = memoryLog()
    await start({
      log,
      inspect: () => {
        throw new Error('a bug\r\n{"forged":"line"}\u001b[31m')
      },
    })
    const answer = await request(server, { path: '/authorization/permissions' })
    expect(answer).toMatchObject({ status: 500, json: { code: 'internal_server_error' } })
    expect(answer.text).not.toContain('bug')
    const failure = lines.find((line) => line.includes('a bug')) as string
    expect(lines.every((line) => line.startsWith('{"level"'))).toBe(true)
    expect(failure).not.toContain('\u001b')
    expect(JSON.parse(failure)).toMatchObject({ level: 'error', requestId: answer.json.request_id })
  })
})

describe('a key that asks too often', () => {
  test('is told when to come back, and another key is not', async () => {
    const now = Date.now()
    await start({ rateLimit: { perSecond: 1, burst: 2 }, clock: () => now })
    const other = await server.server.keys.create({ name: 'other', scopes: ['read'] })
    const ask = (key?: string) =>
      request(server, { path: '/authorization/permissions', ...(key === undefined ? {} : { key }) })
    expect((await ask()).status).toBe(200)
    expect((await ask()).status).toBe(200)
    const limited = await ask()
    expect(limited).toMatchObject({ status: 429, json: { code: 'rate_limit_exceeded' } })
    expect(limited.headers['retry-after']).toBe('1')
    expect((await ask(other.secret)).status).toBe(200)
    expect((await request(server, { path: '/healthz' })).status).toBe(200)
  })
})

describe('a batch', () => {
  const perSecond = { perSecond: 1, burst: 3 }
  const check = { organization_membership_id: 'om_nobody', permission_slug: 'project:edit' }

  test.each([
    ['of three checks', '/authorization/checks', { checks: [check, check, check] }],
    [
      'of three evaluations',
      '/access/v1/evaluations',
      {
        subject: { type: 'user', id: 'user_ann' },
        action: { name: 'project:edit' },
        context: { organization_id: 'org_acme' },
        evaluations: ['web', 'docs', 'ops'].map((id) => ({ resource: { type: 'project', id } })),
      },
    ],
  ])('%s counts as three requests against the limit', async (_, path, body) => {
    const now = Date.now()
    await start({ rateLimit: perSecond, clock: () => now })
    const ask = () => request(server, { method: 'POST', path, body })
    expect((await ask()).status).toBe(200)
    expect(await ask()).toMatchObject({ status: 429, headers: { 'retry-after': '1' } })
  })

  test('of more than may come at once is answered, and the next request waits for all of it', async () => {
    let now = Date.now()
    await start({ rateLimit: perSecond, clock: () => now })
    const checks = Array.from({ length: 13 }, () => check)
    const batch = await request(server, { method: 'POST', path: '/authorization/checks', body: { checks } })
    expect(batch.status).toBe(200)
    const ask = () => request(server, { path: '/authorization/permissions' })
    expect((await ask()).headers['retry-after']).toBe('11')
    now += 10_900
    expect((await ask()).status).toBe(429)
    now += 100
    expect((await ask()).status).toBe(200)
  })
})

describe('a sender that does not finish', () => {
  test.each([
    ['in its headers', 'GET /authorization/permissions HTTP/1.1\r\nhost: a\r\nx-slow: '],
    ['in its body', null],
  ])('%s is cut off with 408, and others are answered', async (_, bytes) => {
    await start({ requestTimeoutMs: 2_000 })
    const head =
      bytes ??
      'POST /authorization/permissions HTTP/1.1\r\nhost: a\r\n' +
        `authorization: Bearer ${server.apiKey}\r\n` +
        'content-type: application/json\r\ncontent-length: 100\r\n\r\n{'
    const slow = exchange(server.url, head)
    expect((await request(server, { path: '/authorization/permissions' })).status).toBe(200)
    expect(await slow).toContain('HTTP/1.1 408 ')
  })
})

describe('what the engine throws', () => {
  test.each([
    [new InputInvalid('name', 'must be short', 'x'), 422],
    [new StoreUnavailable('the disk is full'), 503],
  ])('%s is answered %i', async (error, status) => {
    await start({
      inspect: () => {
        throw error
      },
    })
    const answer = await request(server, { path: '/authorization/permissions' })
    expect(answer).toMatchObject({ status, json: { reason: error.code } })
  })
})

function exchange(url: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes))
    let answer = ''
    socket.on('data', (part) => {
      answer += part.toString()
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}
