import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { exchange, probeApp, secret } from './probe-app.fixture.js'

let probe: Awaited<ReturnType<typeof probeApp>>
beforeAll(async () => {
  probe = await probeApp()
})
afterAll(() => probe.close())
beforeEach(() => {
  probe.seen.length = 0
})

const good = JSON.stringify({ name: 'x' })

describe('a path', () => {
  test.each([
    ['plain', 'p1', 'p1'],
    ['with an encoded slash', 'a%2Fb:c%20d', 'a/b:c d'],
    ['with a colon that is encoded', 'a%3Ab', 'a:b'],
    ['that would decode to something else a second time', '%252e%252e%252Fx', '%2e%2e%2Fx'],
    ['with dots that are encoded', '%2e%2e', '..'],
    ['with what is special elsewhere', 'a;b=c@d,e%23f%3Fg%7Ch', 'a;b=c@d,e#f?g|h'],
    ['with the name of a prototype', '__proto__', '__proto__'],
    ['of 128 characters that are all encoded', '%40'.repeat(128), '@'.repeat(128)],
  ])('%s is decoded once', async (_, sent, decoded) => {
    const answer = await probe.ask('GET', `/echo/${sent}`)
    expect(answer.status).toBe(200)
    expect(probe.seen).toEqual([{ params: { external_id: decoded } }])
  })

  test.each([
    ['a raw slash', '/echo/a/b'],
    ['a slash at the end', '/echo/a/'],
    ['two slashes', '//echo/a'],
    ['another case', '/ECHO/a'],
    ['dots', '/echo/../echo/a/..'],
    ['129 characters', `/echo/${'x'.repeat(129)}`],
    ['a thousand characters', `/echo/${'x'.repeat(1_000)}`],
  ])('with %s is no path of ours', async (_, path) => {
    const answer = await probe.ask('GET', path)
    expect(answer).toMatchObject({ status: 404, json: { code: 'not_found' } })
    expect(probe.seen).toEqual([])
  })

  test('that is badly encoded is refused, and the process lives', async () => {
    expect(await probe.ask('GET', '/echo/%E0%A4%A')).toMatchObject({
      status: 400,
      json: { code: 'bad_request' },
    })
    expect(await probe.ask('GET', '/echo/a')).toMatchObject({ status: 200 })
  })

  test('under another method says which it has', async () => {
    const answer = await probe.ask('PUT', '/echo/a')
    expect(answer).toMatchObject({
      status: 405,
      json: { code: 'method_not_allowed' },
      headers: { allow: 'POST, GET' },
    })
  })

  test('is not changed by a header', async () => {
    const answer = await probe.ask('GET', '/echo/a', { headers: { 'x-http-method-override': 'DELETE' } })
    expect(answer.status).toBe(200)
  })
})

describe('a body', () => {
  test('of JSON reaches the handler with the fields that the operation has, and no other', async () => {
    const body =
      '{"name":"x","id":"om_1","organization_id":"org_2","__proto__":{"admin":true},"constructor":1}'
    expect((await probe.ask('POST', '/echo/a', { body })).status).toBe(200)
    expect(probe.seen).toMatchObject([{ body: { name: 'x' } }])
    expect(Object.keys((probe.seen[0] as { body: object }).body)).toEqual(['name'])
    expect(({} as { admin?: unknown }).admin).toBeUndefined()
  })

  test.each([
    ['broken', '{"name":'],
    ['with a byte order mark', '\ufeff{"name":"x"}'],
    ['in UTF-16', Buffer.from(good, 'utf16le')],
    ['that is no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['with NaN', '{"name":NaN}'],
    ['with the same key twice', '{"name":"x","name":"y"}'],
    ['with the same key twice, once escaped', '{"name":"x","n\\u0061me":"y"}'],
    ['nested a hundred thousand deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['of nothing', ''],
  ])('%s is a bad request', async (_, body) => {
    const answer = await probe.ask('POST', '/echo/a', { body })
    expect(answer).toMatchObject({ status: 400, json: { code: 'bad_request', reason: 'request_malformed' } })
    expect(probe.seen).toEqual([])
  })

  test('of 1e400 where text is wanted names the field', async () => {
    const answer = await probe.ask('POST', '/echo/a', { body: '{"name":1e400}' })
    expect(answer).toMatchObject({
      status: 422,
      json: { code: 'invalid_request_parameters', errors: [{ field: 'name', code: 'name_invalid' }] },
    })
  })

  test('that lacks a field says which', async () => {
    const answer = await probe.ask('POST', '/echo/a', { body: '{}' })
    expect(answer).toMatchObject({
      status: 422,
      json: { errors: [{ field: 'name', code: 'name_required' }] },
    })
  })

  test('that is an array, a number or null is no object', async () => {
    for (const body of ['[]', '1', 'null', '"x"']) {
      expect(await probe.ask('POST', '/echo/a', { body })).toMatchObject({ status: 422 })
    }
  })

  test('longer than 1 MiB is refused', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(1_048_576) })
    const answer = await probe.ask('POST', '/echo/a', { body })
    expect(answer).toMatchObject({ status: 413, json: { reason: 'body_too_large' } })
  })

  test('that says it is longer is refused before any of it came', async () => {
    const head = `POST /echo/a HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${secret}\r\n`
    const json = 'content-type: application/json\r\n'
    const answer = await exchange(probe.port, `${head}${json}content-length: 1048577\r\n\r\n`)
    expect(answer).toContain('HTTP/1.1 413 ')
    expect(answer).toContain('"reason":"body_too_large"')
  })

  test.each([
    ['text', { 'content-type': 'text/plain' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['another character set', { 'content-type': 'application/json; charset=utf-16' }],
    ['one of a byte a letter', { 'content-type': 'application/json; charset="iso-8859-1"' }],
    ['gzip', { 'content-encoding': 'gzip' }],
    ['another compression', { 'content-encoding': 'br' }],
  ])('sent as %s is not taken', async (_, headers) => {
    const answer = await probe.ask('POST', '/echo/a', { body: good, headers })
    expect(answer).toMatchObject({ status: 415, json: { reason: 'media_type_unsupported' } })
  })

  test('is read on DELETE too, and need not be there', async () => {
    expect((await probe.ask('DELETE', '/echo', { body: good })).status).toBe(204)
    expect((await probe.ask('DELETE', '/echo')).status).toBe(204)
    expect(probe.seen).toMatchObject([{ body: { name: 'x' } }, { body: undefined }])
  })

  test('may be announced by a content type and be missing on GET', async () => {
    expect((await probe.ask('GET', '/echo/a')).status).toBe(200)
  })
})

describe('a query', () => {
  test('with the same parameter twice is refused rather than chosen from', async () => {
    const answer = await probe.ask('POST', '/echo/a?q=1&q=2', { body: good })
    expect(answer).toMatchObject({ status: 422, json: { errors: [{ field: 'q' }] } })
  })

  test('that names a prototype changes nothing', async () => {
    expect((await probe.ask('POST', '/echo/a?__proto__=1&q=2', { body: good })).status).toBe(200)
    expect(probe.seen).toMatchObject([{ query: { q: '2' } }])
  })
})

describe('a request id', () => {
  test('that the caller gives comes back, also with an error', async () => {
    const headers = { 'x-request-id': 'trace-1' }
    expect((await probe.ask('GET', '/echo/a', { headers })).headers['x-request-id']).toBe('trace-1')
    const lost = await probe.ask('GET', '/nowhere', { headers })
    expect(lost.headers['x-request-id']).toBe('trace-1')
    expect(lost.json.request_id).toBe('trace-1')
  })

  test('is made where there is none, and where it could forge a line of a log', async () => {
    const made = await probe.ask('GET', '/echo/a')
    expect(made.headers['x-request-id']).toMatch(/^req_/)
    const replaced = await probe.ask('GET', '/echo/a', { headers: { 'x-request-id': 'a\u00a0b [31m' } })
    expect(replaced.headers['x-request-id']).toMatch(/^req_/)
  })
})

describe('a key', () => {
  test.each([
    ['none', { authorization: '' }],
    ['another', { authorization: 'Bearer sk_other' }],
    ['in another scheme', { authorization: 'Basic sk_test_probe' }],
    ['with a space inside', { authorization: 'Bearer sk_test_probe x' }],
    ['of ten kilobytes', { authorization: `Bearer ${'x'.repeat(10_000)}` }],
    ['that only begins like it', { authorization: 'Bearer sk_test_prob' }],
  ])('%s is unauthorized', async (_, headers) => {
    const answer = await probe.ask('GET', '/echo/a', { headers })
    expect(answer).toMatchObject({ status: 401, json: { code: 'unauthorized' } })
    expect(answer.headers['www-authenticate']).toBe('Bearer')
    expect(probe.seen).toEqual([])
  })

  test('is asked for before the body is read', async () => {
    const answer = await probe.ask('POST', '/echo/a', { body: '{', headers: { authorization: 'Bearer no' } })
    expect(answer.status).toBe(401)
  })
})

describe('what is no request', () => {
  test.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    [
      'a request that expects what nobody knows',
      'POST /echo/a HTTP/1.1\r\nhost: a\r\nexpect: a miracle\r\nconnection: close\r\ncontent-length: 0\r\n\r\n',
      417,
    ],
    ['a request that names no host', 'GET /echo/a HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
    ['headers of 20 kB', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n',
      400,
    ],
  ])('%s is answered in JSON as well', async (_, bytes, status) => {
    const answer = await exchange(probe.port, bytes)
    expect(answer).toContain(`HTTP/1.1 ${status} `)
    const [, id] = /^x-request-id: (req_\w+)\r$/im.exec(answer) ?? []
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
      code: expect.any(String),
      request_id: id,
    })
  })
})
