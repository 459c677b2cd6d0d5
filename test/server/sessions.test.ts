import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineModel, type MembershipId, type OrganizationId } from '@bailiwick/core'
import { sqlite } from '@bailiwick/engine/sqlite'
import type { AuthenticationJson } from '@bailiwick/wire'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import { afterEach, describe, expect, test } from 'vitest'
import { type RawRequest, request } from './request.js'
import { type StartedServer, type StartOptions, startServer } from './start-server.js'

const model = defineModel({
  resourceTypes: { project: { parents: ['organization'] } },
  permissions: { 'project:view': 'project', 'project:edit': 'project', 'billing:manage': 'organization' },
  roles: {
    admin: { on: 'organization', permissions: ['project:view', 'project:edit', 'billing:manage'] },
    viewer: { on: 'organization', permissions: ['project:view'] },
    member: { on: 'organization', permissions: [] },
    editor: { on: 'project', permissions: ['project:edit'] },
  },
  rolePriority: ['admin', 'viewer', 'member'],
  defaultRole: 'member',
  roleMode: 'single',
})

const begun: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of begun.splice(0).reverse()) await end()
})

interface Office {
  readonly server: StartedServer
  readonly organizationId: OrganizationId
  readonly ada: MembershipId
  readonly post: (path: string, body?: object) => ReturnType<typeof request>
  /** Sign Ada in. */
  readonly mint: (body?: object) => Promise<AuthenticationJson>
  readonly refresh: (token: string, body?: object) => ReturnType<typeof request>
}

async function open(options: StartOptions = {}): Promise<Office> {
  const server = await startServer({ model, ...options })
  begun.push(() => server.close())
  const { value: organization } = await server.engine.createOrganization({ name: 'Acme' })
  const { engine } = server
  await engine.createUser({ id: 'user_ada', email: 'ada@acme.example', firstName: 'Ada' })
  const { value: member } = await engine.createMembership({
    organizationId: organization.id,
    userId: 'user_ada',
  })
  const send = (raw: RawRequest) => request(server, raw)
  const post: Office['post'] = (path, body) => send({ method: 'POST', path, body })
  return {
    server,
    organizationId: organization.id,
    ada: member.id,
    post,
    mint: async (body = { organization_membership_id: member.id }) =>
      (await post('/development/sessions', body)).json as AuthenticationJson,
    refresh: (token, body = {}) =>
      post('/user_management/authenticate', {
        grant_type: 'refresh_token',
        client_id: 'client_development',
        refresh_token: token,
        ...body,
      }),
  }
}

const keysOf = async (office: Office, clientId = 'client_development') =>
  (await request(office.server, { path: `/sso/jwks/${clientId}`, key: null })).json as JSONWebKeySet

describe('an access token', () => {
  test('has the claims of WorkOS, signed by a published key', async () => {
    const office = await open({ clock: () => 1_700_000_000_000 })
    const { access_token: token, organization_id } = await office.mint()
    const { payload } = await jwtVerify(token, createLocalJWKSet(await keysOf(office)), {
      currentDate: new Date(1_700_000_000_000),
    })
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'RS256', kid: expect.any(String) })
    expect(payload).toEqual({
      iss: `${office.server.url}/user_management/client_development`,
      sub: 'user_ada',
      sid: expect.stringMatching(/^session_[0-9A-Z]{26}$/),
      client_id: 'client_development',
      jti: expect.any(String),
      iat: 1_700_000_000,
      exp: 1_700_000_300,
      org_id: organization_id,
      role: 'member',
      roles: ['member'],
      permissions: [],
      entitlements: [],
      feature_flags: [],
    })
  })

  test('says nothing of organizations where none is selected', async () => {
    const office = await open()
    const { access_token: token, organization_id } = await office.mint({ user_id: 'user_ada' })
    expect(organization_id).toBeUndefined()
    expect(Object.keys(decodeJwt(token)).sort()).toEqual(
      ['client_id', 'exp', 'iat', 'iss', 'jti', 'sid', 'sub'].sort(),
    )
  })

  test('has the roles of the groups as well, and of a role that counts alone the highest', async () => {
    const office = await open()
    const { engine } = office.server
    const { organizationId } = office
    const { value: group } = await engine.createGroup({ organizationId, name: 'Crew' })
    await engine.addGroupMember(organizationId, group.id, { membershipId: office.ada })
    await engine.assignRole({ organizationId, subject: { groupId: group.id }, role: 'viewer' })
    expect(decodeJwt((await office.mint()).access_token)).toMatchObject({
      role: 'viewer',
      roles: ['viewer'],
      permissions: ['project:view'],
    })
    await engine.changeSettings({ roleMode: 'multiple' })
    expect(decodeJwt((await office.mint()).access_token)).toMatchObject({
      role: 'viewer',
      roles: ['viewer', 'member'],
    })
  })

  test('has nothing of roles on one resource', async () => {
    const office = await open()
    const { engine } = office.server
    const { organizationId, ada } = office
    const place = { type: 'project', externalId: 'web' }
    await engine.createResource({ organizationId, ...place, name: 'Web' })
    const grant = { organizationId, subject: { membershipId: ada }, role: 'editor', resource: place }
    await engine.assignRole(grant)
    expect(decodeJwt((await office.mint()).access_token)).toMatchObject({
      roles: ['member'],
      permissions: [],
    })
  })

  test('leaves a permission out once an exclusion touches it', async () => {
    const office = await open()
    const { engine } = office.server
    const { organizationId, ada } = office
    await engine.setMembershipRoles(organizationId, { membershipId: ada }, ['admin'])
    const permissions = async () => decodeJwt((await office.mint()).access_token).permissions
    expect(await permissions()).toEqual(['billing:manage', 'project:edit', 'project:view'])
    const { value: other } = await engine.createMembership({ organizationId, userId: 'user_ben' })
    const exclusion = { organizationId, subject: { membershipId: other.id }, permission: 'project:edit' }
    await engine.createExclusion(exclusion)
    expect(await permissions()).toEqual(['billing:manage', 'project:view'])
  })

  test('carries the entitlements and flags that a test asks for, over a refresh too', async () => {
    const office = await open()
    const minted = await office.mint({
      organization_membership_id: office.ada,
      entitlements: ['audit-logs'],
      feature_flags: ['beta'],
    })
    const refreshed = await office.refresh(minted.refresh_token)
    for (const { access_token: token } of [minted, refreshed.json]) {
      expect(decodeJwt(token)).toMatchObject({ entitlements: ['audit-logs'], feature_flags: ['beta'] })
    }
  })
})

describe('the JWT template', () => {
  const template = (office: Office, content?: string) =>
    request(office.server, {
      method: content === undefined ? 'GET' : 'PUT',
      path: '/user_management/jwt_template',
      ...(content === undefined ? {} : { body: { content } }),
    })

  test('is not there at first, then what was put last', async () => {
    const office = await open()
    expect(await template(office)).toMatchObject({ status: 404, json: { code: 'not_found' } })
    const content = '{ "organization_membership_id": {{ organization_membership.id }} }'
    const put = await template(office, content)
    expect(put).toMatchObject({ status: 200, json: { object: 'jwt_template', content } })
    expect((await template(office)).json).toEqual(put.json)
  })

  test('is rendered into every token, and wins where it may', async () => {
    const office = await open()
    await template(
      office,
      `{
        "organization_membership_id": {{ organization_membership.id }},
        "name": "{{ user.first_name }} of {{ organization.name }}",
        "roles": {{ organization_membership.roles }},
        "role": "{{ user.nothing || 'guest' }}"
      }`,
    )
    expect(decodeJwt((await office.mint()).access_token)).toMatchObject({
      organization_membership_id: office.ada,
      name: 'Ada of Acme',
      roles: ['member'],
      role: 'guest',
    })
    const withoutOrganization = decodeJwt((await office.mint({ user_id: 'user_ada' })).access_token)
    expect(withoutOrganization).not.toHaveProperty('organization_membership_id')
  })

  test.each([
    ['a reserved claim', '{ "sub": "me" }'],
    ['an unknown root', '{ "a": "{{ unknown.variable }}" }'],
    ['a whole object within a string', '{ "a": "{{ user.metadata }}" }'],
    ['no claims', '{}'],
    ['text that is not JSON', '{ a: 1 }'],
  ])('is refused with %s, and the one before stays', async (_, content) => {
    const office = await open()
    await template(office, '{ "a": 1 }')
    const refused = await template(office, content)
    expect(refused).toMatchObject({
      status: 422,
      json: { code: 'invalid_request_parameters', reason: 'jwt_template_invalid' },
    })
    expect((await template(office)).json.content).toBe('{ "a": 1 }')
  })
})

describe('keys', () => {
  test('rotate: what the last one signed stays good, what the one before signed does not', async () => {
    const office = await open()
    const rotate = () => office.post('/sso/jwks/client_development/rotate')
    const first = (await office.mint()).access_token
    expect((await rotate()).json.keys).toHaveLength(2)
    const second = (await office.mint()).access_token
    const verify = async (token: string) => jwtVerify(token, createLocalJWKSet(await keysOf(office)))
    expect(decodeProtectedHeader(first).kid).not.toBe(decodeProtectedHeader(second).kid)
    await verify(first)
    await verify(second)
    await rotate()
    await verify(second)
    await expect(verify(first)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' })
  })

  test('of one client are none of another, and never tell their private half', async () => {
    const office = await open()
    await office.mint({ organization_membership_id: office.ada, client_id: 'client_other' })
    const [mine, other, none] = [
      await keysOf(office),
      await keysOf(office, 'client_other'),
      await keysOf(office, 'client_unheard'),
    ]
    expect(mine.keys).toHaveLength(1)
    expect(other.keys).toHaveLength(1)
    expect(mine.keys[0]?.kid).not.toBe(other.keys[0]?.kid)
    expect(none.keys).toEqual([])
    expect(Object.keys(mine.keys[0] ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
  })

  test('and sessions outlive a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bailiwick-sessions-'))
    begun.push(() => rm(folder, { recursive: true }))
    const file = join(folder, 'authz.db')
    const before = await open({ store: sqlite(file) })
    const minted = await before.mint()
    await before.server.close()
    begun.pop()
    const server = await startServer({ model, store: sqlite(file) })
    begun.push(() => server.close())
    const after = { ...before, server }
    const keys = createLocalJWKSet(await keysOf(after))
    await jwtVerify(minted.access_token, keys)
    const body = {
      grant_type: 'refresh_token',
      client_id: 'client_development',
      refresh_token: minted.refresh_token,
    }
    const refreshed = await request(server, { method: 'POST', path: '/user_management/authenticate', body })
    await jwtVerify(refreshed.json.access_token, keys)
  })
})

describe('a refresh token', () => {
  const spent = {
    status: 400,
    json: { error: 'invalid_grant', code: 'invalid_grant', reason: 'grant_invalid' },
  }

  test('is traded once, of many who try at the same time', async () => {
    const office = await open()
    const { refresh_token: token } = await office.mint()
    const answers = await Promise.all(Array.from({ length: 5 }, () => office.refresh(token)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400])
  })

  test('that comes again a moment later costs nobody the session; long after, it ends it', async () => {
    let now = 1_700_000_000_000
    const office = await open({ clock: () => now })
    const { refresh_token: first } = await office.mint()
    const { refresh_token: second } = (await office.refresh(first)).json
    now += 10_000
    expect(await office.refresh(first)).toMatchObject(spent)
    const { refresh_token: third } = (await office.refresh(second)).json
    now += 60_000
    expect(await office.refresh(first)).toMatchObject(spent)
    expect(await office.refresh(third)).toMatchObject(spent)
  })

  test('is good for its own client only, and until the session expires', async () => {
    let now = 1_700_000_000_000
    const office = await open({ clock: () => now, sessions: { sessionSec: 3_600 } })
    const { refresh_token: token } = await office.mint()
    expect(await office.refresh(token, { client_id: 'client_other' })).toMatchObject(spent)
    now += 3_600_000
    expect(await office.refresh(token)).toMatchObject(spent)
    now -= 1
    expect(await office.refresh(token)).toMatchObject({ status: 200 })
  })

  test('is not spent on a mistake', async () => {
    const office = await open()
    const { refresh_token: token } = await office.mint()
    const elsewhere = { organization_id: 'org_01J9ZX0V8Q7Z5K3M2N1P0R4S6T' }
    expect(await office.refresh(token, elsewhere)).toMatchObject(spent)
    expect(await office.refresh(token)).toMatchObject({ status: 200 })
  })

  test('is worth nothing once the user is deleted, even when another comes under her id', async () => {
    let now = 1_700_000_000_000
    const office = await open({ clock: () => now })
    const { engine } = office.server
    const { refresh_token: token } = await office.mint()
    await engine.deleteUser('user_ada')
    expect(await office.refresh(token)).toMatchObject(spent)
    now += 1_000
    await engine.createUser({ id: 'user_ada', email: 'another@acme.example' })
    await engine.createMembership({ organizationId: office.organizationId, userId: 'user_ada' })
    expect(await office.refresh(token)).toMatchObject(spent)
  })

  test('that is made up says no more than one that was used', async () => {
    const office = await open()
    expect(await office.refresh('made-up')).toMatchObject(spent)
    expect(await office.refresh('made-up', { grant_type: 'password' })).toMatchObject({ status: 422 })
  })

  test('is kept as a hash only, and a repeated request is not answered from a memory of it', async () => {
    const office = await open()
    const path = '/development/sessions'
    const headers = { 'idempotency-key': 'retry-1' }
    const body = { organization_membership_id: office.ada }
    const answers = []
    for (let time = 0; time < 2; time++)
      answers.push(await request(office.server, { method: 'POST', path, headers, body }))
    const [first, second] = answers.map(({ json }) => json.refresh_token as string)
    expect(first).not.toBe(second)
    for (const bucket of ['refresh_tokens', 'sessions', 'idempotency']) {
      const notes = JSON.stringify(await office.server.engine.notebook.list(bucket))
      expect(notes).not.toContain(first)
      expect(notes).not.toContain(second)
    }
  })
})

describe('a session without a sign-in', () => {
  test('is refused in production, unless the operator allows it', async () => {
    const body = (office: Office) => ({ organization_membership_id: office.ada })
    const disabled = await open({ sessions: { minting: 'disabled' } })
    expect(await disabled.post('/development/sessions', body(disabled))).toMatchObject({
      status: 403,
      json: { code: 'forbidden', reason: 'minting_disabled' },
    })
    const enabled = await open({ sessions: { minting: 'enabled' } })
    expect(await enabled.post('/development/sessions', body(enabled))).toMatchObject({ status: 201 })
  })

  test('is for an active member, and for a user who exists', async () => {
    const office = await open()
    const { engine } = office.server
    await engine.setMembershipStatus(office.organizationId, { membershipId: office.ada }, 'inactive')
    const mint = (body: object) => office.post('/development/sessions', body)
    expect(await mint({ organization_membership_id: office.ada })).toMatchObject({
      status: 409,
      json: { reason: 'membership_not_active' },
    })
    expect(await mint({ organization_membership_id: 'om_nobody' })).toMatchObject({ status: 404 })
    expect(await mint({ user_id: 'user_nobody' })).toMatchObject({ status: 404 })
    expect(await mint({})).toMatchObject({ status: 422 })
    expect(await mint({ user_id: 'user_ada', organization_membership_id: office.ada })).toMatchObject({
      status: 422,
    })
  })
})

describe('a log-out', () => {
  const logOut = (office: Office, sessionId: string, returnTo?: string) => {
    const query = new URLSearchParams({ session_id: sessionId, ...(returnTo && { return_to: returnTo }) })
    return request(office.server, { path: `/user_management/sessions/logout?${query}`, key: null })
  }

  test.each([
    ['of a stranger', 'https://evil.example/'],
    ['that only looks like ours', 'http://localhost.evil.example/'],
    ['with our name before an at sign', 'http://localhost@evil.example/'],
    ['that is a script', 'javascript:alert(1)'],
    ['that is a path', '//evil.example'],
  ])('leads to no address %s, and does not happen', async (_, returnTo) => {
    const office = await open()
    const minted = await office.mint()
    const { sid } = decodeJwt(minted.access_token)
    expect(await logOut(office, String(sid), returnTo)).toMatchObject({ status: 422 })
    expect(await office.refresh(minted.refresh_token)).toMatchObject({ status: 200 })
  })

  test('leads to an origin that the operator allows', async () => {
    const office = await open({ sessions: { returnOrigins: ['https://app.acme.example'] } })
    const { sid } = decodeJwt((await office.mint()).access_token)
    expect(await logOut(office, String(sid), 'https://app.acme.example/bye')).toMatchObject({
      status: 302,
      headers: { location: 'https://app.acme.example/bye' },
    })
  })

  test('of a session that nobody has is no error: the browser is led on', async () => {
    const office = await open()
    expect(await logOut(office, 'session_unheard')).toMatchObject({ status: 200 })
  })
})
