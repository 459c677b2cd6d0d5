import { createSessionVerifier } from '@bailiwick/client'
import { JwtTemplateInvalid } from '@bailiwick/core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createIssuer } from './create-issuer.js'
import type { TokenRequest } from './token-request.js'

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

  test('publishes at both places, to who asks for keys, and by the name of its audience', async () => {
    const issuer = await createIssuer({ audience: 'https://api.example/v1' })
    const { url, jwksUrl, close } = await issuer.listen()
    onTestFinished(close)
    expect(jwksUrl).toBe(`${url}/sso/jwks/https%3A%2F%2Fapi.example%2Fv1`)
    for (const address of [jwksUrl, `${url}/.well-known/jwks.json`]) {
      const answer = await fetch(address)
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json'])
      expect(await answer.json()).toEqual(issuer.jwks)
    }
    expect((await fetch(`${url}/sso/jwks/other`)).status).toBe(404)
    expect((await fetch(jwksUrl, { method: 'POST' })).status).toBe(404)
  })

  test.each(['ES256', 'RS256'] as const)(
    'signs with %s after a rotation too, by the newest key',
    async (alg) => {
      const issuer = await createIssuer({ algorithm: alg })
      const { jwks } = issuer
      await issuer.rotateKeys()
      const [newest, ...older] = issuer.jwks.keys
      expect(older).toEqual(jwks.keys)
      expect(headerOf(await issuer.token(ada))).toEqual({ alg, kid: newest?.kid, typ: 'JWT' })
      for (const key of [newest, ...older]) expect(key).toMatchObject({ alg, use: 'sig' })
      expect(newest?.kid).not.toBe(older[0]?.kid)
    },
  )

  test('signs what is given as it is given', async () => {
    const issuer = await createIssuer()
    expect(headerOf(await issuer.sign({}, { kid: 'other' }))).toMatchObject({ alg: 'ES256', kid: 'other' })
    const [header = '', payload = ''] = (await issuer.sign('no JSON', 'nor this')).split('.')
    expect([header, payload].map((part) => `${Buffer.from(part, 'base64url')}`)).toEqual([
      'nor this',
      'no JSON',
    ])
  })

  test('goes by its clock over HTTP as well', async () => {
    let nowMs = 1_700_000_000_000
    const { token, listen } = await createIssuer({ clock: () => nowMs })
    const { sessionOptions, close } = await listen()
    onTestFinished(close)
    const sessions = createSessionVerifier(sessionOptions)
    const issued = await token({ ...ada, expiresInSec: 60 })
    expect(await sessions.verify(issued)).toMatchObject({ userId: 'user_ada' })
    nowMs += 66_000
    await expect(sessions.verify(issued)).rejects.toMatchObject({ code: 'session_expired' })
  })

  test('makes each token of a login of its own, unless a test names one', async () => {
    const issuer = await createIssuer()
    const sessions = createSessionVerifier(issuer.sessionOptions)
    const claimsOf = async (request: object) =>
      (await sessions.verify(await issuer.token({ ...ada, ...request }))).claims
    const [one, other] = [await claimsOf({}), await claimsOf({})]
    expect(one.sid).not.toBe(other.sid)
    expect(one.jti).not.toBe(other.jti)
    const named = await claimsOf({ sessionId: 'session_mine', role: 'viewer' })
    expect(named).toMatchObject({ sid: 'session_mine', role: 'viewer', roles: ['viewer'] })
    expect(await claimsOf({ role: 'viewer', roles: ['owner', 'viewer'] })).toMatchObject({
      role: 'viewer',
      roles: ['owner', 'viewer'],
    })
  })

  test('hands its template whom the token is for, with what a test says of them', async () => {
    const issuer = await createIssuer({
      template:
        '{ "mail": {{ user.email }}, "team": {{ user.team }}, "place": {{ organization.name }}, "held": {{ organization_membership.role }}, "all": {{ organization_membership.roles }}, "desk": {{ organization_membership.desk }} }',
    })
    const user = { id: 'user_ada', team: 'red' }
    const organization = { id: 'org_acme', name: 'Acme' }
    const membership = { id: 'om_ada', desk: 7 }
    const claims = async (request: TokenRequest) => decoded((await issuer.token(request)).split('.')[1])
    expect(await claims({ user, organization, membership, roles: ['owner', 'member'] })).toMatchObject({
      sub: 'user_ada',
      org_id: 'org_acme',
      mail: 'user_ada@example.test',
      team: 'red',
      place: 'Acme',
      held: 'owner',
      all: ['owner', 'member'],
      desk: 7,
    })
    expect(await claims(ada)).toMatchObject({ mail: 'user_ada@example.test', place: 'org_acme' })
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

function headerOf(token: string): unknown {
  return decoded(token.split('.')[0])
}

function decoded(part = ''): unknown {
  return JSON.parse(`${Buffer.from(part, 'base64url')}`)
}
