import { isAuthorizationError, Misconfigured } from '@bailiwick/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { createSessionVerifier } from './create-session-verifier.js'
import type { SessionOptions } from './session-options.js'
import { createSigner, optionsFor, type Signer } from './signer.fixture.js'

const byUrl = { issuer: 'https://issuer.test/', audience: 'api', jwksUrl: 'https://issuer.test/keys' }
let signer: Signer

beforeAll(async () => {
  signer = await createSigner()
})

/** As an application in plain JavaScript may get it wrong. */
function create(options: object): () => unknown {
  return () => createSessionVerifier(options as SessionOptions)
}

describe('session settings', () => {
  test.each([
    ['issuer', { issuer: undefined }],
    ['issuer', { issuer: '' }],
    ['issuer', { issuer: [] }],
    ['audience', { audience: undefined }],
    ['audience', { audience: '' }],
    ['audience', { audience: [] }],
    ['audience', { audience: ['api', ''] }],
    ['audience', { audience: /api/ }],
    ['audience', { audience: { claim: 'azp', names: ['api'] } }],
    ['jwksUrl', { jwksUrl: undefined }],
    ['jwksUrl', { jwksUrl: 'keys.json' }],
    ['jwksUrl', { jwksUrl: 'http://issuer.test/keys' }],
    ['jwksUrl', { jwksUrl: 'http://127.0.0.1.evil.test/keys' }],
    ['jwksUrl', { jwksUrl: 'http://169.254.169.254/latest' }],
    ['jwksUrl', { jwksUrl: 'file:///etc/keys.json' }],
    ['jwksUrl', { jwksUrl: 'https://user:secret@issuer.test/keys' }],
    ['keys', { keys: { keys: [] } }],
    ['algorithms', { algorithms: [] }],
    ['algorithms', { algorithms: ['none'] }],
    ['algorithms', { algorithms: ['RS256', 'HS256'] }],
    ['algorithms', { algorithms: 'RS256' }],
    ['types', { types: [] }],
    ['types', { types: [''] }],
    ['claims', { claims: { organisation: 'org' } }],
    ['claims', { claims: { role: '' } }],
    ['clock', { clock: 7 }],
    ['clockToleranceSec', { clockToleranceSec: -1 }],
    ['clockToleranceSec', { clockToleranceSec: 301 }],
    ['maxLifetimeSec', { maxLifetimeSec: 0 }],
    ['maxLifetimeSec', { maxLifetimeSec: Number.POSITIVE_INFINITY }],
    ['cacheSize', { cacheSize: 0 }],
    ['jwks.cooldownMs', { jwks: { cooldownMs: 0 } }],
    ['jwks.cooldownMs', { jwks: { cooldownMs: 999 } }],
    ['jwks.maxAgeMs', { jwks: { maxAgeMs: Number.NaN } }],
    ['jwks.staleForMs', { jwks: { staleForMs: 86_400_001 } }],
    ['jwks.staleForMs', { jwks: { maxAgeMs: 60_000, staleForMs: 59_999 } }],
    ['jwks.timeoutMs', { jwks: { timeoutMs: '3000' } }],
  ])('name `%s` when it is %j', (option, wrong) => {
    expect(create({ ...byUrl, ...wrong })).toThrow(Misconfigured)
    expect(create({ ...byUrl, ...wrong })).toThrow(option)
  })

  test('take an address on this machine without TLS, and any other with it', () => {
    for (const jwksUrl of [
      'http://localhost:1/keys',
      'http://127.0.0.1:1/keys',
      'http://[::1]:1/keys',
      byUrl.jwksUrl,
    ]) {
      expect(create({ ...byUrl, jwksUrl })).not.toThrow()
    }
  })

  test('take keys or an address, not both', () => {
    expect(create(optionsFor(signer))).not.toThrow()
    expect(create({ ...optionsFor(signer), jwksUrl: byUrl.jwksUrl })).toThrow('either `jwksUrl` or `keys`')
  })

  test('never put a password of the address into a message', () => {
    try {
      create({ ...byUrl, jwksUrl: 'https://user:hunter2@issuer.test/keys' })()
    } catch (error) {
      expect(isAuthorizationError(error) && error.message).not.toContain('hunter2')
    }
    expect.assertions(1)
  })
})

describe('keys in the settings', () => {
  test.each([
    ['has no `kid`', ({ kid: _, ...jwk }) => [jwk]],
    ['shares its `kid`', (jwk) => [jwk, jwk]],
    ['is private', (jwk) => [{ ...jwk, d: jwk.x }]],
    ['is for encryption', (jwk) => [{ ...jwk, use: 'enc' }]],
    ['cannot verify', (jwk) => [{ ...jwk, key_ops: ['sign'] }]],
    ['is symmetric', (jwk) => [jwk, { kty: 'oct', k: 'c2VjcmV0', kid: 'other' }]],
    ['lies on no curve', (jwk) => [{ ...jwk, x: jwk.y }]],
    ['is nothing', (jwk) => [jwk, null]],
  ] satisfies [string, (jwk: Record<string, unknown>) => unknown[]][])(
    'are refused when one %s',
    (_, wrong) => {
      expect(create({ ...optionsFor(signer), keys: { keys: wrong({ ...signer.jwk }) } })).toThrow(
        '`session.keys` holds',
      )
    },
  )
})
