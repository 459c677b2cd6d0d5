import { beforeAll, describe, expect, test } from 'vitest'
import { createSessionVerifier } from '../create-session-verifier.js'
import { createSigner, type Signer, withKeysOf } from '../signer.fixture.js'
import { clerk } from './clerk.js'

const options = { issuer: 'https://clerk.acme.test', authorizedParties: ['https://app.acme.test'] }
const base = {
  iss: 'https://clerk.acme.test',
  azp: 'https://app.acme.test',
  sid: 'sess_1',
  aud: undefined,
  org_id: undefined,
  organization_membership_id: undefined,
  role: undefined,
  roles: undefined,
  permissions: undefined,
}
const version1 = {
  ...base,
  org_id: 'org_acme',
  org_role: 'org:admin',
  org_permissions: ['org:invoices:create'],
}
const organization = { id: 'org_acme', rol: 'admin', slg: 'acme', per: 'manage,read', fpm: '3,2' }
const version2 = { ...base, v: 2, fea: 'o:dashboard,o:teams', o: organization }
let signer: Signer

beforeAll(async () => {
  signer = await createSigner('key-1', 'RS256')
})

async function verify(claims: object) {
  return createSessionVerifier(withKeysOf(signer, clerk(options))).verify(await signer.sign(claims))
}

describe('the Clerk preset', () => {
  test('reads version 1 of the claims', async () => {
    expect(await verify(version1)).toMatchObject({
      userId: 'user_ada',
      organizationId: 'org_acme',
      roles: ['org:admin'],
      permissions: ['org:invoices:create'],
      sessionId: 'sess_1',
    })
    expect(clerk(options).jwksUrl).toBe('https://clerk.acme.test/.well-known/jwks.json')
  })

  test('reads version 2, whose permissions are bits', async () => {
    expect(await verify(version2)).toMatchObject({
      organizationId: 'org_acme',
      roles: ['org:admin'],
      permissions: ['org:dashboard:manage', 'org:dashboard:read', 'org:teams:read'],
    })
  })

  test('passes over features of the user when it counts bits', async () => {
    const mixed = { ...version2, fea: 'u:beta,uo:dashboard,o:teams' }
    expect((await verify(mixed)).permissions).toEqual([
      'org:dashboard:manage',
      'org:dashboard:read',
      'org:teams:read',
    ])
  })

  test('tells the fortieth permission from the eighth', async () => {
    const per = Array.from({ length: 40 }, (_, at) => `p${at + 1}`).join(',')
    const last = { ...version2, fea: 'o:f', o: { ...organization, per, fpm: String(2 ** 39) } }
    expect((await verify(last)).permissions).toEqual(['org:f:p40'])
  })

  test('gives no permissions where the token names none', async () => {
    const { rol: _, per: __, fpm: ___, ...bare } = organization
    expect(await verify({ ...version2, o: bare })).toMatchObject({ roles: [], permissions: [] })
    expect(await verify({ ...version2, fea: undefined, o: undefined })).toMatchObject({
      organizationId: undefined,
      permissions: [],
    })
  })

  test('does not read version 1 claims out of a version 2 token', async () => {
    const both = { ...version2, o: { id: 'org_acme' }, org_role: 'org:admin', org_permissions: ['org:all'] }
    expect(await verify(both)).toMatchObject({ roles: [], permissions: [] })
  })

  test.each([
    ['session_malformed', 'more numbers than features', { o: { ...organization, fpm: '3,2,1' } }],
    ['session_malformed', 'a bit beyond the permissions', { o: { ...organization, fpm: '4,2' } }],
    ['session_malformed', 'a number that is none', { o: { ...organization, fpm: '3,-1' } }],
    ['session_malformed', 'permissions in a list', { o: { ...organization, per: ['manage', 'read'] } }],
    ['session_malformed', 'an organization that is text', { o: 'org_acme' }],
    ['session_malformed', 'an organization id that is a list', { o: { ...organization, id: ['org_acme'] } }],
    ['session_untrusted', 'another origin', { azp: 'https://evil.test' }],
    ['session_untrusted', 'no origin', { azp: undefined }],
    ['session_untrusted', 'several origins', { azp: ['https://app.acme.test'] }],
    ['session_untrusted', 'no session, as made from a JWT template', { sid: undefined }],
    ['session_untrusted', 'a session that is not complete', { sts: 'pending' }],
    ['session_untrusted', 'another instance', { iss: 'https://clerk.evil.test' }],
    ['session_agent_refused', 'an impersonator', { act: { sub: 'user_admin' } }],
  ])('refuses as %s a token with %s', async (code, _, claims) => {
    await expect(verify({ ...version2, ...claims })).rejects.toMatchObject({ code })
  })

  test('needs the origins, and an issuer that is an address', () => {
    expect(() => clerk({ ...options, authorizedParties: [] })).toThrow('authorizedParties')
    expect(() => clerk({ ...options, issuer: 'clerk.acme.test' })).toThrow('issuer')
  })
})
