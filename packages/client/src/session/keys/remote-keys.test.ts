import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createSessionVerifier } from '../create-session-verifier.js'
import type { JwksTimings, SessionTuning } from '../session-options.js'
import type { SessionVerifier } from '../session-verifier.js'
import { audience, createSigner, issuer, type Signer, startMs } from '../signer.fixture.js'

let first: Signer
let second: Signer
let third: Signer
let server: Server
let answer: RequestListener
let fetches: number
let nowMs: number

beforeAll(async () => {
  ;[first, second, third] = await Promise.all([
    createSigner('first'),
    createSigner('second'),
    createSigner('third'),
  ])
})

beforeEach(async () => {
  fetches = 0
  nowMs = startMs
  server = createServer((request, response) => {
    fetches += 1
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterEach(() => {
  server.closeAllConnections()
  server.close()
})

function sessionsFor(jwks: JwksTimings = {}, tuning: SessionTuning = {}): SessionVerifier {
  const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys?tenant=secret`
  return createSessionVerifier({ issuer, audience, jwksUrl, jwks, clock: () => nowMs, ...tuning })
}

function publish(...signers: readonly Signer[]): void {
  publishKeys(signers.map(({ jwk }) => jwk))
}

function publishKeys(keys: readonly unknown[]): void {
  answer = (_, response) => response.end(JSON.stringify({ keys }))
}

function fail(): void {
  answer = (_, response) => response.writeHead(500).end('no')
}

/** How a verifier answers, in one word. */
async function outcome(sessions: SessionVerifier, token: string): Promise<string> {
  return sessions.verify(token).then(
    (session) => session.userId,
    (error) => error.code ?? error,
  )
}

/** Tokens that name keys which nobody published. */
function madeUp(count: number): Promise<readonly string[]> {
  return Promise.all(Array.from({ length: count }, (_, at) => first.sign({}, { kid: `made-up-${at}` })))
}

describe('keys by URL', () => {
  test('are fetched once for all who come together, and not before anybody comes', async () => {
    publish(first)
    const sessions = sessionsFor()
    const tokens = await Promise.all(
      Array.from({ length: 50 }, (_, at) => first.sign({ sid: `session_${at}` })),
    )
    expect(fetches).toBe(0)
    const outcomes = await Promise.all(tokens.map((token) => outcome(sessions, token)))
    expect(new Set(outcomes)).toEqual(new Set(['user_ada']))
    expect(fetches).toBe(1)
  })

  test('are looked for once in the cooldown, however many unknown keys are named', async () => {
    publish(first)
    const sessions = sessionsFor()
    await sessions.verify(await first.sign())
    const refused = async (tokens: readonly string[]) =>
      new Set(await Promise.all(tokens.map((token) => outcome(sessions, token))))
    expect(await refused(await madeUp(1_000))).toEqual(new Set(['session_untrusted']))
    nowMs += 29_999
    expect(await refused(await madeUp(1_000))).toEqual(new Set(['session_untrusted']))
    expect(fetches).toBe(2)
    nowMs += 1
    expect(await refused(await madeUp(10))).toEqual(new Set(['session_untrusted']))
    expect(fetches).toBe(3)
  })

  test('are not looked for under a name that nobody would publish', async () => {
    publish(first)
    const sessions = sessionsFor()
    for (const kid of ['', 'k'.repeat(257), 7]) {
      expect(await outcome(sessions, await first.sign({}, { kid }))).toBe('session_untrusted')
    }
    expect(fetches).toBe(0)
    expect(await outcome(sessions, await first.sign({}, { kid: 'k'.repeat(256) }))).toBe('session_untrusted')
    expect(fetches).toBe(1)
  })

  test('that cannot be had from cold make every answer a 503, at one request a second', async () => {
    fail()
    const sessions = sessionsFor()
    const tokens = await Promise.all(
      Array.from({ length: 200 }, (_, at) => first.sign({ sid: `session_${at}` })),
    )
    const outcomes = new Set<string>()
    for (const token of tokens) outcomes.add(await outcome(sessions, token))
    expect(outcomes).toEqual(new Set(['keys_unavailable']))
    expect(fetches).toBe(1)
    nowMs += 1_000
    await Promise.all(tokens.map((token) => outcome(sessions, token)))
    expect(fetches).toBe(2)
    publish(first)
    nowMs += 1_000
    expect(await outcome(sessions, tokens[0] as string)).toBe('user_ada')
  })

  test('say when to ask again, and not the query of their address', async () => {
    fail()
    const refusal = sessionsFor().verify(await first.sign())
    await expect(refusal).rejects.toMatchObject({
      name: 'KeysUnavailable',
      kind: 'unavailable',
      retryAfterSec: 1,
    })
    await expect(refusal).rejects.toThrow('/keys')
    await expect(refusal).rejects.not.toThrow('secret')
  })

  test('that were never had are warned of once, with what is wrong at their address', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    fail()
    const sessions = sessionsFor()
    for (const sid of ['a', 'b']) {
      expect(await outcome(sessions, await first.sign({ sid }))).toBe('keys_unavailable')
      nowMs += 1_000
    }
    expect(warn).toHaveBeenCalledTimes(1)
    const [message, options] = warn.mock.calls[0] ?? []
    expect(message).toMatch(
      /^the issuer's keys cannot be had from .*\/keys, so that no token can be verified: the answer is 500$/,
    )
    expect(options).toEqual({ code: 'BAILIWICK_KEYS_UNAVAILABLE' })
    publish(first)
    expect(await outcome(sessions, await first.sign())).toBe('user_ada')
    warn.mockRestore()
  })

  test('serve on while the issuer is down, with a warning, and no longer than the settings say', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    publish(first)
    const sessions = sessionsFor({ maxAgeMs: 600_000, staleForMs: 3_600_000 })
    const lasting = { exp: startMs / 1_000 + 80_000 }
    const known = await first.sign(lasting)
    await sessions.verify(known)
    fail()
    nowMs = startMs + 3_600_000
    expect(await outcome(sessions, known)).toBe('user_ada')
    expect(await outcome(sessions, await first.sign({ ...lasting, sid: 'session_2' }))).toBe('user_ada')
    expect(warn).toHaveBeenCalledTimes(1)
    expect(warn.mock.calls[0]?.[1]).toEqual({ code: 'BAILIWICK_KEYS_STALE' })
    nowMs += 1
    expect(await outcome(sessions, known)).toBe('keys_unavailable')
    publish(first)
    nowMs += 1_000
    expect(await outcome(sessions, known)).toBe('user_ada')
    warn.mockRestore()
  })

  test('that are the last good ones say nothing of a new key: it may well be real', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    publish(first)
    const sessions = sessionsFor()
    await sessions.verify(await first.sign())
    fail()
    expect(await outcome(sessions, await second.sign())).toBe('keys_unavailable')
    expect(await outcome(sessions, await first.sign({ sid: 'session_2' }))).toBe('user_ada')
    publish(first, second)
    nowMs += 1_000
    expect(await outcome(sessions, await second.sign())).toBe('user_ada')
    warn.mockRestore()
  })

  test('are refused within their age once the issuer has withdrawn them, remembered tokens included', async () => {
    publish(first, second)
    const sessions = sessionsFor({ maxAgeMs: 60_000 })
    const withdrawn = await first.sign()
    const kept = await second.sign()
    for (const token of [withdrawn, kept]) expect(await outcome(sessions, token)).toBe('user_ada')
    publish(second)
    nowMs += 60_001
    expect(await outcome(sessions, withdrawn)).toBe('session_untrusted')
    const checks = vi.spyOn(crypto.subtle, 'verify')
    expect(await outcome(sessions, kept)).toBe('user_ada')
    expect(checks).not.toHaveBeenCalled()
    checks.mockRestore()
  })

  test('are refused when another key has taken over the name', async () => {
    publish(first)
    const sessions = sessionsFor({ maxAgeMs: 60_000 })
    const token = await first.sign()
    expect(await outcome(sessions, token)).toBe('user_ada')
    publishKeys([{ ...second.jwk, kid: 'first' }])
    nowMs += 60_001
    expect(await outcome(sessions, token)).toBe('session_untrusted')
  })

  test('let in nobody at once any more when another key has taken over the name', async () => {
    publish(first)
    const sessions = sessionsFor({ maxAgeMs: 60_000 })
    const token = await first.sign()
    await sessions.verify(token)
    expect(sessions.known?.(`Bearer ${token}`)).toMatchObject({ userId: 'user_ada' })
    publishKeys([{ ...second.jwk, kid: 'first' }])
    nowMs += 60_001
    const other = await second.sign({}, { kid: 'first' })
    await sessions.verify(other)
    expect([sessions.known?.(`Bearer ${token}`), sessions.known?.(`Bearer ${other}`)]).toEqual([
      undefined,
      expect.anything(),
    ])
  })

  test('are asked for as they are, of a server that would pack them', async () => {
    const keys = JSON.stringify({ keys: [first.jwk] })
    answer = ({ headers }, response) =>
      headers['accept-encoding'] === 'identity'
        ? response.end(keys)
        : response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(keys))
    expect(await outcome(sessionsFor(), await first.sign())).toBe('user_ada')
  })

  test('are refreshed at half their age without anybody waiting', async () => {
    publish(first)
    const sessions = sessionsFor({ maxAgeMs: 60_000 })
    await sessions.verify(await first.sign())
    const asked = new Promise<void>((resolve) => {
      answer = (_, response) => response.end(JSON.stringify({ keys: [first.jwk] }), resolve)
    })
    nowMs += 30_001
    expect(await outcome(sessions, await first.sign({ sid: 'session_2' }))).toBe('user_ada')
    await asked
    expect(fetches).toBe(2)
  })

  test('rotate without one valid token refused: a thousand requests round two rotations', async () => {
    publish(first)
    const sessions = sessionsFor()
    const outcomes: string[] = []
    for (let at = 0; at < 1_000; at += 10) {
      if (at === 300) publish(first, second)
      if (at === 600) publish(second, third)
      const signers = at < 300 ? [first] : at < 600 ? [first, second] : [second, third]
      nowMs += 100
      const tokens = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          (signers[i % signers.length] as Signer).sign({ sid: `session_${at + i}` }),
        ),
      )
      outcomes.push(...(await Promise.all(tokens.map((token) => outcome(sessions, token)))))
      // The second rotation comes later than the cooldown that the first one began.
      if (at === 590) nowMs += 30_000
    }
    expect(outcomes.filter((word) => word !== 'user_ada')).toEqual([])
    expect(outcomes).toHaveLength(1_000)
    expect(fetches).toBe(3)
  })

  test('are due, not young, when the clock has been set back', async () => {
    publish(first)
    const sessions = sessionsFor({ maxAgeMs: 60_000 })
    nowMs += 7_200_000
    await sessions.verify(await first.sign({ exp: startMs / 1_000 + 20_000 }))
    publish(second)
    nowMs = startMs + 1_000
    expect(await outcome(sessions, await first.sign({ sid: 'session_2' }))).toBe('session_untrusted')
    expect(fetches).toBe(2)
  })
})

describe('an answer that is no set of keys', () => {
  const good = () => JSON.stringify({ keys: [first.jwk] })

  test.each<[string, () => RequestListener]>([
    ['a redirect', () => (_, response) => response.writeHead(302, { location: '/elsewhere' }).end()],
    [
      'a redirect that brings keys along',
      () => (_, response) => response.writeHead(302, { location: '/elsewhere' }).end(good()),
    ],
    ['a refusal', () => (_, response) => response.writeHead(403).end(good())],
    ['a page', () => (_, response) => response.end('<html>')],
    ['nothing', () => (_, response) => response.end()],
    ['JSON of another kind', () => (_, response) => response.end('{"keys":{}}')],
    ['more than 1 MiB', () => (_, response) => response.end(`${good()}${' '.repeat(1_048_577)}`)],
    [
      'more than 1 MiB, said in advance',
      () => (_, response) => response.writeHead(200, { 'content-length': 50_000_000 }).write(good()),
    ],
    [
      'a compressed one, which could unpack to anything',
      () => (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(good())),
    ],
    ['an answer that stops half way', () => (_, response) => response.write(good().slice(0, 20))],
    ['no answer', () => () => {}],
    ['a connection that breaks', () => (request) => request.socket.destroy()],
  ])('is an outage: %s', async (_, answering) => {
    answer = answering()
    const sessions = sessionsFor({ timeoutMs: 2_000 })
    expect(await outcome(sessions, await first.sign())).toBe('keys_unavailable')
    expect(fetches).toBe(1)
  })
})

describe('a published key', () => {
  test.each<[string, () => readonly unknown[]]>([
    ['a symmetric one with the name of ours', () => [{ kty: 'oct', kid: 'first', k: 'c2VjcmV0' }]],
    ['one for encryption', () => [{ ...first.jwk, use: 'enc' }]],
    ['one that may only sign', () => [{ ...first.jwk, key_ops: ['sign'] }]],
    ['a private one', () => [{ ...first.jwk, d: 'AAAA' }]],
    ['one for another algorithm', () => [{ ...first.jwk, alg: 'ES384' }]],
    ['one without a name', () => [{ ...first.jwk, kid: undefined }]],
    ['one that is broken', () => [{ ...first.jwk, x: '!' }]],
    ['two under one name', () => [first.jwk, { ...second.jwk, kid: 'first' }]],
    ['entries that are no keys', () => [null, 7, 'first', []]],
  ])('verifies nothing when it is %s', async (_, keys) => {
    publishKeys(keys())
    expect(await outcome(sessionsFor(), await first.sign())).toBe('session_untrusted')
  })

  test('verifies among four thousand others, and beside ones that do not', async () => {
    const others = Array.from({ length: 4_000 }, (_, at) => ({ ...second.jwk, kid: `other-${at}` }))
    publishKeys([
      { kty: 'oct', kid: 'other', k: 'c2VjcmV0' },
      ...others,
      { ...second.jwk, kid: 'first', use: 'enc' },
      first.jwk,
    ])
    expect(await outcome(sessionsFor(), await first.sign())).toBe('user_ada')
  })

  test('verifies nothing when it is an RSA key of 1 024 bits', async () => {
    const { subtle } = crypto
    const { publicKey, privateKey } = await subtle.generateKey(
      {
        name: 'RSASSA-PKCS1-v1_5',
        hash: 'SHA-256',
        modulusLength: 1_024,
        publicExponent: new Uint8Array([1, 0, 1]),
      },
      true,
      ['sign', 'verify'],
    )
    publishKeys([{ ...(await subtle.exportKey('jwk', publicKey)), kid: 'weak', key_ops: ['verify'] }])
    const [, payload] = (await first.sign()).split('.')
    const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid: 'weak' })).toString('base64url')
    const signature = await subtle.sign('RSASSA-PKCS1-v1_5', privateKey, Buffer.from(`${header}.${payload}`))
    const token = `${header}.${payload}.${Buffer.from(signature).toString('base64url')}`
    expect(await outcome(sessionsFor(), token)).toBe('session_untrusted')
  })
})
