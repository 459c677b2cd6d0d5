import { beforeAll, describe, expect, test } from 'vitest'
import { createSessionVerifier } from '../create-session-verifier.js'
import { createSigner, type Signer, withKeysOf } from '../signer.fixture.js'
import { auth0 } from './auth0.js'

const options = { domain: 'acme.eu.auth0.com', audience: 'https://api.acme.test' }
const claims = {
  iss: 'https://acme.eu.auth0.com/',
  aud: ['https://api.acme.test', 'https://acme.eu.auth0.com/userinfo'],
  sub: 'auth0|ada',
  permissions: ['project:view'],
  roles: undefined,
  role: undefined,
  organization_membership_id: undefined,
}
let signer: Signer

beforeAll(async () => {
  signer = await createSigner('key-1', 'RS256')
})

describe('the Auth0 preset', () => {
  test('reads organization and permissions where Auth0 puts them', async () => {
    const sessions = createSessionVerifier(withKeysOf(signer, auth0(options)))
    expect(await sessions.verify(await signer.sign(claims))).toMatchObject({
      userId: 'auth0|ada',
      organizationId: 'org_acme',
      membershipId: undefined,
      roles: [],
      permissions: ['project:view'],
    })
    expect(auth0(options).jwksUrl).toBe('https://acme.eu.auth0.com/.well-known/jwks.json')
  })

  test('reads roles and membership under the namespace of the application', async () => {
    const namespace = 'https://acme.test/'
    const sessions = createSessionVerifier(withKeysOf(signer, auth0({ ...options, namespace })))
    const spaced = {
      ...claims,
      [`${namespace}roles`]: ['owner'],
      [`${namespace}organization_membership_id`]: 'om_ada',
      roles: ['somebody-elses'],
    }
    expect(await sessions.verify(await signer.sign(spaced))).toMatchObject({
      membershipId: 'om_ada',
      roles: ['owner'],
    })
  })

  test.each([
    ['an ID token, whose audience is the client', { aud: 'client_01' }],
    ['another tenant', { iss: 'https://evil.eu.auth0.com/' }],
  ])('refuses %s', async (_, other) => {
    const sessions = createSessionVerifier(withKeysOf(signer, auth0(options)))
    const token = await signer.sign({ ...claims, ...other })
    await expect(sessions.verify(token)).rejects.toMatchObject({ code: 'session_untrusted' })
  })

  test.each(['https://acme.eu.auth0.com', 'acme.eu.auth0.com/', 'ACME.eu.auth0.com', ''])(
    'needs a domain as Auth0 writes it, not %j',
    (domain) => {
      expect(() => auth0({ ...options, domain })).toThrow('domain')
    },
  )
})
