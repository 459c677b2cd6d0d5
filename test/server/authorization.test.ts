import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Acme, nobody, startAcme } from '../official-sdk/acme.js'
import { sdks } from '../official-sdk/sdks.js'

// What the SDK cannot say. The product is the same as in its tests.

let acme: Acme

beforeEach(async () => {
  const [newest] = sdks
  if (newest === undefined) throw new Error('there is no SDK')
  acme = await startAcme(newest)
})
afterEach(() => acme.close())

interface Answer {
  readonly status: number
  readonly token: string | null
  readonly body: Record<string, unknown>
}

async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await fetch(`${acme.url}/authorization${path}`, {
    method,
    headers: { authorization: `Bearer ${acme.apiKey}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return {
    status: answer.status,
    token: answer.headers.get('bailiwick-consistency-token'),
    body: text === '' ? {} : JSON.parse(text),
  }
}

describe('environment roles', () => {
  test('are made with permissions in one request, and lose one by name', async () => {
    const made = await ask('POST', '/roles', {
      slug: 'auditor',
      name: 'Auditor',
      permissions: ['project:view', 'document:view'],
    })
    expect(made).toMatchObject({ status: 201, body: { permissions: ['document:view', 'project:view'] } })
    const less = await ask('DELETE', '/roles/auditor/permissions/document:view')
    expect(less).toMatchObject({ status: 200, body: { permissions: ['project:view'] } })
    expect(await ask('DELETE', '/roles/auditor/permissions/document:view')).toMatchObject({ status: 200 })
    expect(await ask('DELETE', '/roles/auditor/permissions/nope')).toMatchObject({ status: 404 })
    expect(await ask('DELETE', '/roles/nope/permissions/document:view')).toMatchObject({ status: 404 })
  })

  test('go while nobody holds them, and stay while somebody does', async () => {
    const ann = await acme.join('user_ann', ['admin'])
    expect(await ask('DELETE', '/roles/admin')).toMatchObject({
      status: 409,
      body: { reason: 'model_change_refused' },
    })
    const { organizationId } = acme
    await acme.engine.setMembershipRoles(organizationId, { membershipId: ann }, ['member'])
    expect(await ask('DELETE', '/roles/admin')).toMatchObject({ status: 204 })
    expect(await ask('GET', '/roles/admin')).toMatchObject({ status: 404, body: { code: 'not_found' } })
    expect(await ask('DELETE', '/roles/admin')).toMatchObject({ status: 404 })
  })
})

describe('permissions', () => {
  test('can be marked as fresh, and none is made by the system, whatever a body says', async () => {
    const asked = { slug: 'vault:open', name: 'Open', fresh: true, system: true, id: 'perm_mine' }
    const { status, body } = await ask('POST', '/permissions', asked)
    expect({ status, body }).toMatchObject({ status: 201, body: { fresh: true, system: false } })
    expect(body.id).not.toBe('perm_mine')
    expect(await ask('GET', '/permissions/project:view')).toMatchObject({ body: { fresh: false } })
  })
})

describe('moving a resource', () => {
  test('takes what is inherited with it, and is refused as a whole where it cannot lie', async () => {
    const eng = await acme.place('workspace', 'eng')
    const ops = await acme.place('workspace', 'ops')
    const web = await acme.place('project', 'web', eng)
    const ann = await acme.join('user_ann')
    const role = { role_slug: 'workspace-admin', resource_id: ops }
    await ask('POST', `/organization_memberships/${ann}/role_assignments`, role)
    const may = async () => {
      const question = { permission_slug: 'project:edit', resource_id: web }
      return (await ask('POST', `/organization_memberships/${ann}/check`, question)).body.authorized
    }
    expect(await may()).toBe(false)
    const wrong = { name: 'Other', parent_resource_id: acme.root }
    expect(await ask('PATCH', `/resources/${web}`, wrong)).toMatchObject({
      status: 422,
      body: { reason: 'parent_type_not_allowed' },
    })
    expect(await ask('GET', `/resources/${web}`)).toMatchObject({ body: { name: 'web' } })
    const parent = { parent_resource_external_id: 'ops', parent_resource_type_slug: 'workspace' }
    const path = `/organizations/${acme.organizationId}/resources/project/web`
    expect(await ask('PATCH', path, { name: 'Web', ...parent })).toMatchObject({
      status: 200,
      body: { name: 'Web', parent_resource_id: ops },
    })
    expect(await may()).toBe(true)
  })

  test('under the organization itself is asked by null', async () => {
    const eng = await acme.place('workspace', 'eng')
    expect(await ask('PATCH', `/resources/${eng}`, { parent_resource_id: null })).toMatchObject({
      status: 200,
      body: { parent_resource_id: acme.root },
    })
    const web = await acme.place('project', 'web', eng)
    expect(await ask('PATCH', `/resources/${web}`, { parent_resource_id: null })).toMatchObject({
      status: 422,
    })
  })

  test('never applies what no update may change', async () => {
    const eng = await acme.place('workspace', 'eng')
    const before = (await ask('GET', `/resources/${eng}`)).body
    const asked = {
      name: 'E',
      id: nobody.resource,
      external_id: 'other',
      organization_id: nobody.organization,
      resource_type_slug: 'folder',
      created_at: '2001-01-01T00:00:00.000Z',
    }
    const { body } = await ask('PATCH', `/resources/${eng}`, asked)
    expect(body).toEqual({ ...before, name: 'E', updated_at: body.updated_at })
  })
})

describe('a check', () => {
  test('explains itself when it is asked to, as a yes and as a no', async () => {
    const web = await acme.place('project', 'web', await acme.place('workspace', 'eng'))
    const ann = await acme.join('user_ann', ['admin'])
    const bob = await acme.join('user_bob')
    const question = { permission_slug: 'project:edit', resource_id: web, explain: true }
    expect((await ask('POST', `/organization_memberships/${ann}/check`, question)).body).toMatchObject({
      authorized: true,
      grants: [{ role: { slug: 'admin' } }],
      path: [{ external_id: 'web' }, { external_id: 'eng' }, { external_id: 'acme' }],
      sentences: expect.arrayContaining([expect.any(String)]),
    })
    expect((await ask('POST', `/organization_memberships/${bob}/check`, question)).body).toMatchObject({
      authorized: false,
      reason: 'no_grant',
      nearest_misses: expect.arrayContaining([
        { role: { slug: 'project-editor' }, resource: expect.objectContaining({ id: web }) },
      ]),
    })
  })

  test('on behalf of somebody allows only what both may', async () => {
    const web = await acme.place('project', 'web', await acme.place('workspace', 'eng'))
    const ann = await acme.join('user_ann', ['admin'])
    const bob = await acme.join('user_bob')
    const check = (onBehalfOf: string) =>
      ask('POST', `/organization_memberships/${ann}/check`, {
        permission_slug: 'project:edit',
        resource_id: web,
        on_behalf_of: [{ organization_membership_id: onBehalfOf }],
      })
    expect(await check(bob)).toMatchObject({ status: 200, body: { authorized: false } })
    expect(await check(nobody.membership)).toMatchObject({ status: 200, body: { authorized: false } })
    const { organizationId } = acme
    await acme.engine.setMembershipRoles(organizationId, { membershipId: bob }, ['admin'])
    expect(await check(bob)).toMatchObject({ status: 200, body: { authorized: true } })
  })

  test('sees the write whose token it carries, and refuses a token that is none', async () => {
    const web = await acme.place('project', 'web', await acme.place('workspace', 'eng'))
    const ann = await acme.join('user_ann')
    const role = { role_slug: 'project-editor', resource_id: web }
    const { token } = await ask('POST', `/organization_memberships/${ann}/role_assignments`, role)
    const path = `/organization_memberships/${ann}/check`
    const question = { permission_slug: 'project:edit', resource_id: web }
    const at = (consistency: string) => ask('POST', path, question, { 'bailiwick-consistency': consistency })
    expect(await at(token ?? '')).toMatchObject({ status: 200, body: { authorized: true } })
    expect(await at('latest')).toMatchObject({ status: 200, body: { authorized: true } })
    expect((await at('nonsense')).status).toBe(400)
  })
})

describe('paths and queries', () => {
  test('that could name nothing are not found', async () => {
    for (const path of [
      '/organization_memberships/om_%00/role_assignments',
      '/organization_memberships/user_ann/role_assignments',
      '/groups/gra_x/role_assignments',
      '/resources/authz_resource_/role_assignments',
      `/organizations/${acme.organizationId}/resources/workspace/%E4`,
    ])
      expect([path, (await ask('GET', path)).status]).toEqual([path, path.endsWith('%E4') ? 400 : 404])
  })

  test.each(['yes', '1', ''])('take no other word than true and false: cascade_delete=%s', async (word) => {
    const eng = await acme.place('workspace', 'eng')
    const { status } = await ask('DELETE', `/resources/${eng}?cascade_delete=${word}`)
    expect(status).toBe(422)
    expect((await ask('GET', `/resources/${eng}`)).status).toBe(200)
  })

  test('find resources by a part of the name, and by external id', async () => {
    await acme.place('workspace', 'Engineering')
    await acme.place('workspace', 'Operations')
    const names = async (query: string) =>
      (
        (await ask('GET', `/resources?organization_id=${acme.organizationId}&${query}`)).body
          .data as readonly { readonly external_id: string }[]
      ).map(({ external_id }) => external_id)
    expect(await names('search=engin')).toEqual(['Engineering'])
    expect(await names('resource_external_id=Operations')).toEqual(['Operations'])
    expect(await names('resource_external_id=operations')).toEqual([])
  })
})
