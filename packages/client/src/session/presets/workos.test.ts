import { Misconfigured } from '@bailiwick/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { createSessionVerifier } from '../create-session-verifier.js'
import { createSigner, type Signer, withKeysOf } from '../signer.fixture.js'
import { workos } from './workos.js'

const clientId = 'client_01'
const production = { iss: 'https://api.workos.com/user_management/client_01', aud: undefined }
let signer: Signer

beforeAll(async () => {
  signer = await createSigner('key-1', 'RS256')
})

async function outcome(claims: object, options: Partial<Parameters<typeof workos>[0]> = {}): Promise<string> {
  const sessions = createSessionVerifier(withKeysOf(signer, workos({ clientId, ...options })))
  return sessions.verify(await signer.sign(claims)).then(
    (session) => session.userId,
    (error) => error.code,
  )
}

describe('the WorkOS preset', () => {
  test('reads the keys of the client', () => {
    expect(workos({ clientId }).jwksUrl).toBe('https://api.workos.com/sso/jwks/client_01')
    expect(workos({ clientId, apiUrl: 'http://localhost:4100' }).jwksUrl).toBe(
      'http://localhost:4100/sso/jwks/client_01',
    )
  })

  test.each([
    ['the issuer of production tokens', production],
    ['the issuer that the documentation names', { ...production, iss: 'https://api.workos.com/' }],
    ['an audience that is the client', { ...production, aud: clientId }],
    ['a `client_id` that is the client', { ...production, client_id: clientId }],
  ])('accepts %s', async (_, claims) => {
    expect(await outcome(claims)).toBe('user_ada')
  })

  test.each([
    [
      'the issuer of another client',
      { ...production, iss: 'https://api.workos.com/user_management/client_02' },
    ],
    ['an issuer without its slash', { ...production, iss: 'https://api.workos.com' }],
    ['an audience that is another client', { ...production, aud: 'client_02' }],
    ['an audience that is null', { ...production, aud: null }],
    ['a `client_id` that is another client', { ...production, client_id: 'client_02' }],
    ['a `client_id` that is a list', { ...production, client_id: [clientId] }],
    [
      'an audience that is the client, obtained by another',
      { ...production, aud: clientId, client_id: 'client_02' },
    ],
  ])('refuses %s', async (_, claims) => {
    expect(await outcome(claims)).toBe('session_untrusted')
  })

  test('accepts a custom authentication domain once it is named, and then no other', async () => {
    const custom = { ...production, iss: 'https://auth.acme.test/' }
    expect(await outcome(custom, { issuer: 'https://auth.acme.test/' })).toBe('user_ada')
    expect(await outcome(custom)).toBe('session_untrusted')
    expect(await outcome(production, { issuer: 'https://auth.acme.test/' })).toBe('session_untrusted')
  })

  test('refuses impersonation and agents', async () => {
    expect(await outcome({ ...production, act: { sub: 'admin@acme.test' } })).toBe('session_agent_refused')
    expect(await outcome({ ...production, sub_profile: 'ai_agent' })).toBe('session_agent_refused')
  })

  test('needs a client id, and an address that is one', () => {
    expect(() => workos({ clientId: '' })).toThrow(Misconfigured)
    expect(() => workos({ clientId: undefined as unknown as string })).toThrow('clientId')
    expect(() => workos({ clientId, apiUrl: 'api.workos.com' })).toThrow('apiUrl')
  })
})
