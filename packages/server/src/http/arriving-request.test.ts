import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { KeyFinder } from '../keys/authenticate.js'
import { noKeys, withConfiguredKey } from '../keys/configured-key.js'
import { exchange, probeApp, secret } from './probe-app.fixture.js'

const configured = withConfiguredKey(secret, noKeys)

const good = JSON.stringify({ name: 'x' })
const lastChunks = `${(good.length - 5).toString(16)}\r\n${good.slice(5)}\r\n0\r\n\r\n`

/** Knows it as well, and takes its time: meanwhile the body comes. */
const slow: KeyFinder = {
  find: async (key) => {
    for (let turn = 0; turn < 5; turn++) await new Promise((next) => setImmediate(next))
    return configured.find(key)
  },
}

describe.each([
  ['at once', configured],
  ['after a while', slow],
])('bytes, where the key is known %s,', (_, keys) => {
  let probe: Awaited<ReturnType<typeof probeApp>>
  beforeAll(async () => {
    probe = await probeApp(keys)
  })
  afterAll(() => probe.close())
  beforeEach(() => {
    probe.seen.length = 0
  })

  const head = 'POST /echo/a HTTP/1.1\r\nhost: a\r\nauthorization: Bearer sk_test_probe\r\n'
  const json = 'content-type: application/json\r\n'
  const length = `content-length: ${good.length}\r\n`
  const last = 'connection: close\r\n\r\n'

  test.each([
    ['in one piece', [`${head}${json}${length}${last}${good}`]],
    ['with the body after the headers', [`${head}${json}${length}${last}`, good]],
    ['with a body in two', [`${head}${json}${length}${last}${good.slice(0, 5)}`, good.slice(5)]],
    ['byte by byte', [...`${head}${json}${length}${last}${good}`]],
    [
      'in chunks',
      [`${head}${json}transfer-encoding: chunked\r\n${last}`, `5\r\n${good.slice(0, 5)}\r\n`, lastChunks],
    ],
    [
      'in chunks of one packet',
      [`${head}${json}transfer-encoding: chunked\r\n${last}5\r\n${good.slice(0, 5)}\r\n${lastChunks}`],
    ],
    [
      'that were waited for',
      [`${head}${json}${length}expect: 100-continue\r\n${last}`, good.slice(0, 5), good.slice(5)],
    ],
  ])('%s are one request', async (_, pieces) => {
    expect(await exchange(probe.port, ...pieces)).toContain('HTTP/1.1 200 ')
    expect(probe.seen).toMatchObject([{ body: { name: 'x' } }])
  })

  test('of several requests at once are answered one after the other', async () => {
    const bodies = ['one', 'two', 'three'].map((name) => JSON.stringify({ name }))
    const requests = bodies.map(
      (body, at) => `${head}${json}content-length: ${body.length}\r\n${at === 2 ? last : '\r\n'}${body}`,
    )
    const answers = await exchange(probe.port, requests.join(''))
    expect([...answers.matchAll(/"name":"(\w+)"/g)].map(([, name]) => name)).toEqual(['one', 'two', 'three'])
  })

  test('are answered with the same head, whatever the answer says', async () => {
    const bodies = ['plain', 'süß', 'last'].map((name) => JSON.stringify({ name }))
    const requests = bodies.map(
      (body, at) =>
        `${head}${json}x-request-id: r\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${at === 2 ? last : '\r\n'}${body}`,
    )
    const answers = (await exchange(probe.port, ...requests)).split('HTTP/1.1 200 OK\r\n').slice(1)
    const parts = answers.map((answer) => answer.split('\r\n\r\n'))
    const told = parts.map(([, body = '']) => (JSON.parse(body) as { body: { name: string } }).body.name)
    expect(told).toEqual(['plain', 'süß', 'last'])
    const [plain, more, closing] = parts.map(([head = '', body = '']) => {
      const fields = head.split('\r\n').map((line) => line.split(': ') as [string, string])
      const { 'content-length': length, Date: date, ...rest } = Object.fromEntries(fields)
      expect(Number(length)).toBe(Buffer.byteLength(body))
      expect(Math.abs(Date.parse(String(date)) - Date.now())).toBeLessThan(60_000)
      return rest
    })
    expect(plain).toEqual({
      'x-request-id': 'r',
      'content-type': 'application/json; charset=utf-8',
      Connection: 'keep-alive',
      'Keep-Alive': 'timeout=72',
    })
    expect(more).toEqual(plain)
    expect(closing).toMatchObject({ Connection: 'close' })
  })

  test('of more than 1 MiB are refused, though no length said so', async () => {
    const chunk = `100001\r\n${'x'.repeat(1_048_577)}`
    const answer = await exchange(probe.port, `${head}${json}transfer-encoding: chunked\r\n\r\n${chunk}`)
    expect(answer).toContain('HTTP/1.1 413 ')
    expect(answer).toContain('"reason":"body_too_large"')
    expect(probe.seen).toEqual([])
  })

  test('that end early are no request, and nobody hears of it', async () => {
    const socket = connect(probe.port, '127.0.0.1')
    socket.end(`${head}${json}${length}\r\n${good.slice(0, 5)}`)
    await new Promise((resolve) => socket.on('close', resolve).resume())
    expect((await probe.ask('GET', '/echo/a')).status).toBe(200)
    expect(probe.seen).toHaveLength(1)
  })
})
