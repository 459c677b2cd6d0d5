import { describe, expect, test } from 'vitest'
import { createSessionVerifier } from '../create-session-verifier.js'
import { createSigner, withKeysOf } from '../signer.fixture.js'
import { oidc } from './oidc.js'

const options = {
  issuer: 'https://id.acme.test/realms/acme',
  audience: 'api',
  jwksUrl: 'https://id.acme.test/keys',
}

describe('the preset for any OpenID Connect provider', () => {
  test('binds tokens to issuer and audience, and reads the claims that it is told', async () => {
    const signer = await createSigner('key-1', 'PS256')
    const preset = oidc({
      ...options,
      claims: { organizationId: 'tenant', roles: 'groups' },
      maxLifetimeSec: 600,
    })
    const sessions = createSessionVerifier(withKeysOf(signer, preset))
    const claims = { iss: options.issuer, tenant: 'org_globex', groups: ['ops'], role: undefined }
    expect(await sessions.verify(await signer.sign(claims))).toMatchObject({
      organizationId: 'org_globex',
      roles: ['ops'],
    })
    const other = await signer.sign({ ...claims, aud: 'account' })
    await expect(sessions.verify(other)).rejects.toMatchObject({ code: 'session_untrusted' })
  })

  test('cannot do without an audience', () => {
    const { audience: _, ...without } = options
    expect(() => createSessionVerifier(oidc(without as typeof options))).toThrow('audience')
  })
})
