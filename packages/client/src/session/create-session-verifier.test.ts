import { beforeAll, describe, expect, test, vi } from 'vitest'
import { createSessionVerifier } from './create-session-verifier.js'
import { createSigner, optionsFor, type Signer, startMs } from './signer.fixture.js'

const start = startMs / 1_000
let signer: Signer

beforeAll(async () => {
  signer = await createSigner()
})

describe('a verified token', () => {
  test('becomes a session, with its slugs sorted and each named once', async () => {
    const session = await createSessionVerifier(optionsFor(signer)).verify(await signer.sign({ plan: 'pro' }))
    expect(session).toMatchObject({
      userId: 'user_ada',
      organizationId: 'org_acme',
      membershipId: 'om_ada',
      roles: ['member', 'owner'],
      permissions: ['billing:manage', 'project:view'],
      sessionId: 'session_1',
      issuedAt: start,
      expiresAt: start + 300,
      claims: { plan: 'pro', aud: 'api' },
    })
  })

  test('is read under the claim names that the settings give', async () => {
    const claims = {
      organizationId: 'tenant',
      permissions: 'https://acme.test/permissions',
      role: 'constructor',
    }
    const sessions = createSessionVerifier({ ...optionsFor(signer), claims })
    const token = await signer.sign({
      tenant: 'org_globex',
      'https://acme.test/permissions': ['app:deploy'],
      roles: [],
    })
    expect(await sessions.verify(token)).toMatchObject({
      organizationId: 'org_globex',
      permissions: ['app:deploy'],
      roles: [],
    })
  })

  test('yields a session that nobody can write into', async () => {
    const session = await createSessionVerifier(optionsFor(signer)).verify(
      await signer.sign({ nested: { a: [1] } }),
    )
    for (const part of [session, session.roles, session.permissions, session.claims, session.claims.nested]) {
      expect(Object.isFrozen(part)).toBe(true)
    }
    expect(() => (session.permissions as string[]).push('everything')).toThrow(TypeError)
  })

  test.each([
    ['no organization', { org_id: undefined }, { organizationId: undefined }],
    ['an organization that is null', { org_id: null }, { organizationId: undefined }],
    ['no membership', { organization_membership_id: undefined }, { membershipId: undefined }],
    [
      'an empty membership, as templates write it',
      { organization_membership_id: '' },
      { membershipId: undefined },
    ],
    ['no roles', { role: undefined, roles: undefined }, { roles: [] }],
    ['no permissions', { permissions: undefined }, { permissions: [] }],
    ['no session id', { sid: undefined }, { sessionId: undefined }],
    ['an audience that names us among others', { aud: ['other', 'api'] }, { userId: 'user_ada' }],
    ['five seconds of skew after `exp`', { exp: start - 4, iat: start - 60 }, { expiresAt: start - 4 }],
    ['five seconds of skew before `nbf`', { nbf: start + 5 }, { userId: 'user_ada' }],
    ['a whole day to live', { exp: start + 86_400 }, { userId: 'user_ada' }],
  ])('may have %s', async (_, claims, expected) => {
    const session = await createSessionVerifier(optionsFor(signer)).verify(await signer.sign(claims))
    expect(session).toMatchObject(expected)
  })

  test.each([
    ['session_expired', '`exp` beyond the skew', { exp: start - 5, iat: start - 60 }],
    ['session_expired', '`nbf` beyond the skew', { nbf: start + 6 }],
    ['session_expired', '`iat` in the future', { iat: start + 6 }],
    ['session_expired', '`iat` in the future, though `nbf` is past', { iat: start + 6, nbf: start - 60 }],
    ['session_malformed', 'no `exp`', { exp: undefined }],
    ['session_malformed', 'no `iat`', { iat: undefined }],
    ['session_malformed', '`exp` as text', { exp: String(start + 300) }],
    ['session_malformed', '`exp` null', { exp: null }],
    ['session_malformed', 'a fraction in `exp`', { exp: start + 0.5 }],
    ['session_malformed', '`nbf` as text', { nbf: String(start) }],
    ['session_untrusted', '`exp` in milliseconds', { exp: startMs + 300_000 }],
    ['session_untrusted', 'a second more than a day to live', { exp: start + 86_401 }],
    ['session_untrusted', 'another issuer', { iss: 'https://evil.test/' }],
    ['session_untrusted', 'the issuer without its slash', { iss: 'https://issuer.test' }],
    ['session_untrusted', 'no issuer', { iss: undefined }],
    ['session_untrusted', 'a list of issuers', { iss: ['https://issuer.test/'] }],
    ['session_untrusted', 'the audience of another application', { aud: 'other' }],
    ['session_untrusted', 'no audience', { aud: undefined }],
    ['session_untrusted', 'an empty list of audiences', { aud: [] }],
    ['session_untrusted', 'the mark of an ID token', { at_hash: 'x' }],
    ['session_untrusted', 'the mark of a logout token', { events: {} }],
    ['session_untrusted', 'a claim that says ID token', { token_use: 'id' }],
    ['session_untrusted', 'a claim that says refresh token', { typ: 'Refresh' }],
    ['session_malformed', 'no subject', { sub: undefined }],
    ['session_malformed', 'an empty subject', { sub: '' }],
    ['session_malformed', 'a number for a subject', { sub: 7 }],
    ['session_malformed', 'an organization of another shape', { org_id: 'acme' }],
    ['session_malformed', 'a list of organizations', { org_id: ['org_acme'] }],
    ['session_malformed', 'a number for an organization', { org_id: 7 }],
    ['session_malformed', 'a membership with the wrong prefix', { organization_membership_id: 'user_ada' }],
    ['session_malformed', 'permissions in one string', { permissions: 'project:view' }],
    ['session_malformed', 'permissions as an object', { permissions: { 'project:view': true } }],
    ['session_malformed', 'a list of permissions within the list', { permissions: [['project:view']] }],
    ['session_malformed', 'a number among the permissions', { permissions: ['project:view', 7] }],
    ['session_malformed', 'an empty permission', { permissions: [''] }],
    ['session_malformed', 'a permission of 129 characters', { permissions: ['x'.repeat(129)] }],
    ['session_malformed', '1 001 permissions', { permissions: Array(1_001).fill('a') }],
    ['session_malformed', 'an object for a role', { role: { slug: 'owner' } }],
    ['session_malformed', 'one string for the roles', { roles: 'owner' }],
    ['session_malformed', 'a number for a session id', { sid: 7 }],
    ['session_agent_refused', 'an acting party', { act: { sub: 'agent_1' } }],
    ['session_agent_refused', 'an acting party that is null', { act: null }],
    ['session_agent_refused', 'the profile of an agent', { sub_profile: 'ai_agent' }],
  ])('is refused as %s with %s', async (code, _, claims) => {
    const sessions = createSessionVerifier(optionsFor(signer))
    await expect(sessions.verify(await signer.sign(claims))).rejects.toMatchObject({
      name: 'SessionInvalid',
      code,
    })
  })
})

describe('the header of a token', () => {
  test.each(['JWT', 'jwt', 'at+jwt', 'application/at+jwt', undefined])('may say the type %s', async (typ) => {
    const sessions = createSessionVerifier(optionsFor(signer))
    expect(await sessions.verify(await signer.sign({}, { typ }))).toMatchObject({ userId: 'user_ada' })
  })

  test.each(['id+jwt', 'logout+jwt', 'dpop+jwt', 'JWT ', '', 7, null, ['JWT']])(
    'may not say the type %j',
    async (typ) => {
      const sessions = createSessionVerifier(optionsFor(signer))
      const token = await signer.sign({}, { typ })
      await expect(sessions.verify(token)).rejects.toMatchObject({ code: 'session_untrusted' })
    },
  )

  test('must say the types of the settings, where they are given', async () => {
    const sessions = createSessionVerifier({ ...optionsFor(signer), types: ['at+jwt'] })
    expect(await sessions.verify(await signer.sign({}, { typ: 'AT+JWT' }))).toMatchObject({
      userId: 'user_ada',
    })
    for (const typ of ['JWT', undefined]) {
      await expect(sessions.verify(await signer.sign({}, { typ }))).rejects.toMatchObject({
        code: 'session_untrusted',
      })
    }
  })

  test.each([
    ['jku', 'https://evil.test/keys'],
    ['x5u', 'https://evil.test/cert'],
    ['x5c', ['MII']],
    ['jwk', {}],
  ])('may not point to a key of its own by `%s`, though the signature is good', async (name, value) => {
    const sessions = createSessionVerifier(optionsFor(signer))
    const token = await signer.sign({}, { [name]: value })
    await expect(sessions.verify(token)).rejects.toMatchObject({ code: 'session_untrusted' })
  })

  test.each(['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'] as const)(
    'may name %s where the settings allow it, and only there',
    async (algorithm) => {
      const key = await createSigner('key-2', algorithm)
      const token = await key.sign()
      const allowing = createSessionVerifier({ ...optionsFor(key), algorithms: [algorithm] })
      expect(await allowing.verify(token)).toMatchObject({ userId: 'user_ada' })
      const others = createSessionVerifier({ ...optionsFor(key), algorithms: ['RS512'] })
      await expect(others.verify(token)).rejects.toMatchObject({ code: 'session_untrusted' })
    },
  )

  test('cannot use a key for another algorithm than its own', async () => {
    const rsa = await createSigner('key-2', 'RS256')
    const { alg: _, ...anyRsa } = rsa.jwk
    const token = await rsa.sign()
    const stated = { ...optionsFor(rsa), keys: { keys: [{ ...anyRsa, alg: 'PS256' }] } }
    await expect(createSessionVerifier(stated).verify(token)).rejects.toMatchObject({
      code: 'session_untrusted',
    })
    const unstated = { ...optionsFor(rsa), keys: { keys: [anyRsa] } }
    expect(await createSessionVerifier(unstated).verify(token)).toMatchObject({ userId: 'user_ada' })
  })
})

describe('a token that comes again', () => {
  test('is verified once, and answered with the same session', async () => {
    const sessions = createSessionVerifier(optionsFor(signer))
    const token = await signer.sign()
    const checks = vi.spyOn(crypto.subtle, 'verify')
    const first = await sessions.verify(token)
    expect(await sessions.verify(token)).toBe(first)
    expect(checks).toHaveBeenCalledTimes(1)
    checks.mockRestore()
  })

  test('is verified once for a thousand requests that bring it together', async () => {
    const sessions = createSessionVerifier(optionsFor(signer))
    const token = await signer.sign()
    const checks = vi.spyOn(crypto.subtle, 'verify')
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => sessions.verify(token)))
    expect(new Set(answers).size).toBe(1)
    expect(checks).toHaveBeenCalledTimes(1)
    checks.mockRestore()
  })

  test('is refused to all who brought it together, and verified again for the next', async () => {
    const sessions = createSessionVerifier(optionsFor(signer))
    const bad = (await signer.sign()).replace(/.{8}$/, 'AAAAAAAA')
    const checks = vi.spyOn(crypto.subtle, 'verify')
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => sessions.verify(bad)))
    expect(answers.every(({ status }) => status === 'rejected')).toBe(true)
    await expect(sessions.verify(bad)).rejects.toMatchObject({ code: 'session_untrusted' })
    expect(checks).toHaveBeenCalledTimes(2)
    checks.mockRestore()
  })

  test.each([
    [
      { iss: 'https://issuer.example' },
      /is not the one in `session\.issuer`: both must be the same to the last slash$/,
    ],
    [{ aud: 'another' }, /`aud` is `another`, which the session options do not name$/],
    [{ aud: undefined }, /no `aud` claim, so it may be for anybody: ask the issuer for one that has$/],
    [{ exp: start - 60, iat: start - 360 }, /^the token expired 60 s ago: refresh the session$/],
    [{ iat: start + 42 }, /^the token is not valid for another 42 s: compare the clocks$/],
  ])('is refused with what to do about it: %j', async (claims, message) => {
    await expect(createSessionVerifier(optionsFor(signer)).verify(await signer.sign(claims))).rejects.toThrow(
      message,
    )
  })

  test('shares nothing with another one that ends alike and is under way', async () => {
    const sessions = createSessionVerifier(optionsFor(signer))
    const good = await signer.sign()
    const [header, , signature] = good.split('.')
    const forged = [header, Buffer.from('{"sub":"user_eve"}').toString('base64url'), signature].join('.')
    const answers = await Promise.allSettled([good, forged, good, forged].map(sessions.verify))
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected'])
  })

  test('is refused once it has expired', async () => {
    let nowMs = startMs
    const sessions = createSessionVerifier({
      ...optionsFor(signer),
      clock: () => nowMs,
      clockToleranceSec: 0,
    })
    const token = await signer.sign()
    nowMs = startMs + 299_999
    expect(await sessions.verify(token)).toMatchObject({ userId: 'user_ada' })
    nowMs = startMs + 300_000
    await expect(sessions.verify(token)).rejects.toMatchObject({ code: 'session_expired' })
  })

  test('is verified anew when the clock has been set back behind the first time', async () => {
    let nowMs = startMs + 60_000
    const sessions = createSessionVerifier({ ...optionsFor(signer), clock: () => nowMs })
    const token = await signer.sign()
    await sessions.verify(token)
    nowMs = startMs - 3_600_000
    await expect(sessions.verify(token)).rejects.toMatchObject({ code: 'session_expired' })
  })

  test('is worth nothing at another verifier, which has other rules', async () => {
    const token = await signer.sign()
    expect(await createSessionVerifier(optionsFor(signer)).verify(token)).toMatchObject({
      userId: 'user_ada',
    })
    const other = createSessionVerifier({ ...optionsFor(signer), audience: 'other' })
    await expect(other.verify(token)).rejects.toMatchObject({ code: 'session_untrusted' })
  })

  test('is forgotten when more tokens come than are remembered', async () => {
    const sessions = createSessionVerifier({ ...optionsFor(signer), cacheSize: 2 })
    const tokens = await Promise.all(['a', 'b', 'c'].map((sid) => signer.sign({ sid })))
    for (const token of tokens) await sessions.verify(token)
    const checks = vi.spyOn(crypto.subtle, 'verify')
    await sessions.verify(tokens[2] as string)
    expect(checks).toHaveBeenCalledTimes(0)
    await sessions.verify(tokens[0] as string)
    expect(checks).toHaveBeenCalledTimes(1)
    checks.mockRestore()
  })
})

test('no refusal repeats the token or a part of it', async () => {
  const sessions = createSessionVerifier(optionsFor(signer))
  const good = await signer.sign()
  const bad = [
    `${good}x`,
    `${good}=`,
    good.slice(0, -4),
    good.replace('.', '..'),
    await signer.sign({ aud: 'other' }),
  ]
  for (const token of bad) {
    const error: Error = await sessions.verify(token).then(
      () => expect.fail('accepted'),
      (refusal) => refusal,
    )
    const said = `${error.message} ${error.stack} ${String(error.cause)} ${JSON.stringify(error)}`
    for (const part of token.split('.').filter((part) => part.length > 8)) expect(said).not.toContain(part)
  }
})
