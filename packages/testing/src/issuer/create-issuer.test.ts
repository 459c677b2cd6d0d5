import { createSessionVerifier } from '@bailiwick/client'
import { JwtTemplateInvalid } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { createIssuer } from './create-issuer.js'

const ada = { user: 'user_ada', organization: 'org_acme', membership: 'om_ada' }

describe('an issuer', () => {
  test.each(['ES256', 'RS256'] as const)(
    'issues %s tokens that its own session options accept',
    async (algorithm) => {
      const issuer = await createIssuer({ algorithm })
      const sessions = createSessionVerifier(issuer.sessionOptions)
      const token = await issuer.token({ ...ada, roles: ['owner', 'member'], permissions: ['project:view'] })
      expect(await sessions.verify(token)).toMatchObject({
        userId: 'user_ada',
        organizationId: 'org_acme',
        membershipId: 'om_ada',
        roles: ['member', 'owner'],
        permissions: ['project:view'],
        claims: { role: 'owner', iss: 'https://issuer.test/', aud: 'client_test' },
      })
    },
  )

  test('issues tokens that another issuer of the same name does not accept', async () => {
    const [one, other] = await Promise.all([createIssuer(), createIssuer()])
    const sessions = createSessionVerifier(other.sessionOptions)
    await expect(sessions.verify(await one.token(ada))).rejects.toMatchObject({ code: 'session_untrusted' })
  })

  test('renders its template into every token, and what a test asks for over that', async () => {
    const issuer = await createIssuer({
      template: `{ "membership": "{{ organization_membership.id }}", "plan": "{{ organization.metadata.plan || 'free' }}" }`,
    })
    const sessions = createSessionVerifier({
      ...issuer.sessionOptions,
      claims: { membershipId: 'membership' },
    })
    const organization = { id: 'org_acme', metadata: { plan: 'pro' } }
    const pro = await sessions.verify(await issuer.token({ ...ada, organization }))
    expect(pro).toMatchObject({ membershipId: 'om_ada', claims: { plan: 'pro' } })
    const asked = await sessions.verify(
      await issuer.token({ ...ada, organization, claims: { plan: 'mine' } }),
    )
    expect(asked.claims.plan).toBe('mine')
  })

  test('refuses a template that an identity provider would refuse, before any token', async () => {
    await expect(createIssuer({ template: '{ "iss": "me" }' })).rejects.toThrow(JwtTemplateInvalid)
  })

  test('says nothing of organizations where none is selected', async () => {
    const issuer = await createIssuer()
    const session = await createSessionVerifier(issuer.sessionOptions).verify(
      await issuer.token({ user: 'user_ada' }),
    )
    expect(session).toMatchObject({ organizationId: undefined, membershipId: undefined, permissions: [] })
    expect(Object.keys(session.claims).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'jti', 'sid', 'sub'])
  })

  test('goes by its clock, and so do its session options', async () => {
    let nowMs = 1_700_000_000_000
    const issuer = await createIssuer({ clock: () => nowMs })
    const sessions = createSessionVerifier(issuer.sessionOptions)
    const token = await issuer.token({ ...ada, expiresInSec: 60 })
    expect(await sessions.verify(token)).toMatchObject({ issuedAt: 1_700_000_000, expiresAt: 1_700_000_060 })
    nowMs += 66_000
    await expect(sessions.verify(token)).rejects.toMatchObject({ code: 'session_expired' })
  })

  test('takes a claim away where a test says undefined', async () => {
    const issuer = await createIssuer()
    const sessions = createSessionVerifier(issuer.sessionOptions)
    const without = await issuer.token({ ...ada, claims: { exp: undefined } })
    await expect(sessions.verify(without)).rejects.toMatchObject({ code: 'session_malformed' })
  })

  test('publishes its keys over HTTP, the old one beside the new one while they overlap', async () => {
    const issuer = await createIssuer()
    const listening = await issuer.listen()
    try {
      expect(listening.jwksUrl).toBe(`${listening.url}/sso/jwks/client_test`)
      const before = await issuer.token(ada)
      await issuer.rotateKeys()
      const sessions = createSessionVerifier(listening.sessionOptions)
      for (const token of [before, await issuer.token(ada)]) {
        expect(await sessions.verify(token)).toMatchObject({ userId: 'user_ada' })
      }
      await issuer.rotateKeys({ overlap: false })
      const after = createSessionVerifier(listening.sessionOptions)
      expect(await after.verify(await issuer.token(ada))).toMatchObject({ userId: 'user_ada' })
      await expect(after.verify(before)).rejects.toMatchObject({ code: 'session_untrusted' })
    } finally {
      await listening.close()
    }
  })

  test('is there for this machine alone, at the address that it names', async () => {
    const listening = await (await createIssuer()).listen()
    expect((await fetch(listening.jwksUrl)).status).toBe(200)
    // A server that listens everywhere answers at every address, of which this is one that each machine has.
    const elsewhere = listening.jwksUrl.replace('127.0.0.1', '127.0.0.2')
    await expect(fetch(elsewhere, { signal: AbortSignal.timeout(500) })).rejects.toThrow()
    await listening.close()
  })

  test('names a port that is taken', async () => {
    const issuer = await createIssuer()
    const listening = await issuer.listen()
    const port = Number(new URL(listening.url).port)
    await expect(issuer.listen({ port })).rejects.toThrow(`port ${port} is taken`)
    await listening.close()
  })
})
