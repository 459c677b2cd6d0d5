import { createSessionVerifier, workos as workosSessions } from '@bailiwick/client'
import type { MembershipId } from '@bailiwick/core'
import type { AuthenticationJson } from '@bailiwick/wire'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { request } from '../server/request.js'
import { type Acme, startAcme } from './acme.js'
import { expectRefusal, notFound } from './refusal.js'
import { sdks, type WorkOSClient } from './sdks.js'

const cookiePassword = 'a password of at least thirty-two characters'
const clientId = 'client_development'

describe.each(sdks)('sessions, SDK $version', (sdk) => {
  let acme: Acme
  let users: WorkOSClient['userManagement']
  let ada: MembershipId
  beforeEach(async () => {
    acme = await startAcme(sdk)
    users = acme.client({ clientId }).userManagement
    await acme.engine.createUser({ id: 'user_ada', email: 'ada@acme.example', firstName: 'Ada' })
    ada = await acme.join('user_ada', ['admin', 'member'])
  })
  afterEach(() => acme.close())

  const mint = async (body: object = { organization_membership_id: ada }) =>
    (await request(acme, { method: 'POST', path: '/development/sessions', body })).json as AuthenticationJson

  /** The cookie that an application seals after a sign-in. */
  const cookie = async (minted: AuthenticationJson) => {
    const { sealedSession } = await users.authenticateWithRefreshToken({
      clientId,
      refreshToken: minted.refresh_token,
      session: { sealSession: true, cookiePassword },
    })
    return sealedSession as string
  }

  test('are verified by the keys of the server, with what WorkOS says in them', async () => {
    const sessionData = await cookie(await mint())
    const session = await users.authenticateWithSessionCookie({ sessionData, cookiePassword })
    expect(session).toMatchObject({
      authenticated: true,
      sessionId: expect.stringMatching(/^session_[0-9A-Z]{26}$/),
      organizationId: acme.organizationId,
      role: 'admin',
      roles: ['admin', 'member'],
      permissions: ['billing:manage', 'project:edit', 'project:view', 'workspace:manage'],
      entitlements: [],
      user: { id: 'user_ada', email: 'ada@acme.example', firstName: 'Ada' },
      authenticationMethod: 'ExternalAuth',
    })
  })

  test('are no sessions with another password, or with keys of another client', async () => {
    const sessionData = await cookie(await mint())
    const sealed = users.loadSealedSession({ sessionData, cookiePassword: cookiePassword.toUpperCase() })
    expect(await sealed.authenticate()).toEqual({ authenticated: false, reason: 'invalid_session_cookie' })
    const other = acme.client({ clientId: 'client_other' }).userManagement
    await mint({ organization_membership_id: ada, client_id: 'client_other' })
    const refused = other.authenticateWithSessionCookie({ sessionData, cookiePassword })
    expect(await refused.catch(() => ({ authenticated: false }))).toMatchObject({ authenticated: false })
  })

  test('are refreshed with what holds by then', async () => {
    const sealed = users.loadSealedSession({ sessionData: await cookie(await mint()), cookiePassword })
    await acme.engine.setMembershipRoles(acme.organizationId, { membershipId: ada }, ['member'])
    expect(await sealed.authenticate()).toMatchObject({ authenticated: true, role: 'admin' })
    expect(await sealed.refresh()).toMatchObject({ authenticated: true, role: 'member', permissions: [] })
    expect(await sealed.authenticate()).toMatchObject({ authenticated: true, role: 'member' })
  })

  test('go over to another organization of the user, and to none of others', async () => {
    const { value: other } = await acme.engine.createOrganization({ name: 'Other' })
    const sealed = users.loadSealedSession({ sessionData: await cookie(await mint()), cookiePassword })
    expect(await sealed.refresh({ organizationId: other.id })).toMatchObject({
      authenticated: false,
      reason: 'invalid_grant',
    })
    await acme.engine.createMembership({ organizationId: other.id, userId: 'user_ada' })
    expect(await sealed.refresh({ organizationId: other.id })).toMatchObject({
      authenticated: true,
      organizationId: other.id,
      role: 'member',
    })
  })

  test('end where the membership is not active any more', async () => {
    const sealed = users.loadSealedSession({ sessionData: await cookie(await mint()), cookiePassword })
    await acme.engine.setMembershipStatus(acme.organizationId, { membershipId: ada }, 'inactive')
    expect(await sealed.refresh()).toMatchObject({ authenticated: false, reason: 'invalid_grant' })
    await acme.engine.setMembershipStatus(acme.organizationId, { membershipId: ada }, 'active')
    expect(await sealed.refresh()).toMatchObject({ authenticated: true })
  })

  test('take a refresh token once', async () => {
    const { refresh_token: refreshToken } = await mint()
    const refresh = () => users.authenticateWithRefreshToken({ clientId, refreshToken })
    expect(await refresh()).toMatchObject({ user: { id: 'user_ada' }, organizationId: acme.organizationId })
    await expect(refresh()).rejects.toMatchObject({ name: 'OauthException', error: 'invalid_grant' })
  })

  test('are listed, and revoked', async () => {
    const minted = await mint()
    const sealed = users.loadSealedSession({ sessionData: await cookie(minted), cookiePassword })
    const { data } = await users.listSessions('user_ada')
    expect(data).toMatchObject([
      { object: 'session', userId: 'user_ada', organizationId: acme.organizationId, status: 'active' },
    ])
    await users.revokeSession({ sessionId: data[0]?.id ?? '' })
    expect(await sealed.refresh()).toMatchObject({ authenticated: false, reason: 'invalid_grant' })
    expect((await users.listSessions('user_ada')).data).toMatchObject([
      { status: 'revoked', endedAt: expect.any(String) },
    ])
    await expectRefusal(sdk, users.listSessions('user_nobody'), notFound)
    await expectRefusal(sdk, users.revokeSession({ sessionId: 'session_unheard' }), notFound)
  })

  test('end with the address to which a browser is led for a log-out', async () => {
    const sealed = users.loadSealedSession({ sessionData: await cookie(await mint()), cookiePassword })
    const returnTo = 'http://localhost:3000/bye'
    const url = new URL(await sealed.getLogoutUrl({ returnTo }))
    const sessionId = (await users.listSessions('user_ada')).data[0]?.id ?? ''
    expect(users.getLogoutUrl({ sessionId, returnTo })).toBe(url.href)
    const answer = await request(acme, { path: `${url.pathname}${url.search}`, key: null })
    expect(answer).toMatchObject({ status: 302, headers: { location: 'http://localhost:3000/bye' } })
    expect(await sealed.refresh()).toMatchObject({ authenticated: false, reason: 'invalid_grant' })
  })

  test('are sessions of our own verifier too', async () => {
    const { access_token: token } = await mint()
    const verifier = createSessionVerifier(workosSessions({ clientId, apiUrl: acme.url }))
    expect(await verifier.verify(token)).toMatchObject({
      userId: 'user_ada',
      organizationId: acme.organizationId,
      permissions: ['billing:manage', 'project:edit', 'project:view', 'workspace:manage'],
    })
    const other = createSessionVerifier(workosSessions({ clientId: 'client_other', apiUrl: acme.url }))
    await expect(other.verify(token)).rejects.toMatchObject({ code: 'session_untrusted' })
  })
})
