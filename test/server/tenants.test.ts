import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AcmeServer, acme, ann, globex, gus, startAcme } from './acme-server.js'

// Identifiers and tenants: whatever an id looks like, it names one thing, in one organization.

let server: AcmeServer
beforeEach(async () => {
  server = await startAcme()
})
afterEach(() => server.close())

const inOrganization = (organization: string, externalId: string, type = 'project') =>
  `/authorization/organizations/${organization}/resources/${type}/${encodeURIComponent(externalId)}`
const checkOf = (membership: string) => `/authorization/organization_memberships/${membership}/check`
const web = { resource_external_id: 'web', resource_type_slug: 'project' }

async function createResource(externalId: unknown, more: object = {}) {
  return server.call('POST', '/authorization/resources', {
    organization_id: acme,
    resource_type_slug: 'project',
    external_id: externalId,
    name: 'A project',
    ...more,
  })
}

async function edits(membership: string, resource: object): Promise<boolean | undefined> {
  const { json } = await server.call('POST', checkOf(membership), {
    permission_slug: 'project:edit',
    ...resource,
  })
  return json.authorized
}

describe('one external id in two organizations', () => {
  test('is two resources, in checks, in lists and for whom they are assigned', async () => {
    const { json: ofAcme } = await server.call('GET', inOrganization(acme, 'web'))
    const { json: ofGlobex } = await server.call('GET', inOrganization(globex, 'web'))
    expect(ofAcme.id).not.toBe(ofGlobex.id)
    expect([ofAcme.organization_id, ofGlobex.organization_id]).toEqual([acme, globex])
    const list = async (organization: string, organization_membership_id: string) => {
      const { json } = await server.call('POST', '/authorization/resource_search', {
        organization_id: organization,
        organization_membership_id,
        permission_slug: 'project:edit',
        resource_type_slug: 'project',
      })
      return json.data.map(({ id }: { id: string }) => id)
    }
    expect(await list(acme, ann)).toEqual([ofAcme.id])
    expect(await list(globex, gus)).toEqual([ofGlobex.id])
    expect(await list(globex, ann)).toEqual([])
    expect(await list(acme, gus)).toEqual([])
  })

  test('stays in the one where it was not deleted', async () => {
    const { status } = await server.call('DELETE', `${inOrganization(acme, 'web')}?cascade_delete=true`)
    expect(status).toBe(204)
    expect((await server.call('GET', inOrganization(acme, 'web'))).status).toBe(404)
    expect((await server.call('GET', inOrganization(globex, 'web'))).status).toBe(200)
    expect(await edits(gus, web)).toBe(true)
  })

  test('is as unknown by the id of the other as by one that nobody has', async () => {
    const { json: ofGlobex } = await server.call('GET', inOrganization(globex, 'web'))
    const ask = (resource_id: string) =>
      server.call('POST', checkOf(ann), { permission_slug: 'project:edit', resource_id })
    const guessed = await ask(ofGlobex.id)
    const unknown = await ask('authz_resource_01J9ZX0V8Q7Z5K3M2N1P0R4S6T')
    for (const { status, json } of [guessed, unknown]) {
      expect(status).toBe(404)
      expect(json).toMatchObject({ code: 'not_found', reason: 'resource_not_found' })
    }
  })
})

describe('one external id of two types', () => {
  test('is two resources', async () => {
    const { status } = await createResource('web', { resource_type_slug: 'workspace' })
    expect(status).toBe(201)
    expect(await edits(ann, web)).toBe(true)
    expect(await edits(ann, { ...web, resource_type_slug: 'workspace' })).toBe(false)
  })
})

describe('what is of another organization', () => {
  test.each([
    ['as a parent, by its id', async () => ({ parent_resource_id: await idIn(globex, 'web') })],
    [
      'as a parent, by an external id',
      async () => ({ parent_resource_external_id: 'lab', parent_resource_type_slug: 'workspace' }),
    ],
  ])('is not there %s', async (_, parent) => {
    await createResource('lab', { organization_id: globex, resource_type_slug: 'workspace' })
    const answer = await createResource('new', await parent())
    expect(answer).toMatchObject({ status: 404, json: { reason: 'resource_not_found' } })
    expect((await server.call('GET', inOrganization(acme, 'new'))).status).toBe(404)
  })

  test('is not there to move under', async () => {
    const { json: docs } = await server.call('GET', inOrganization(acme, 'docs'))
    const answer = await server.call('PATCH', inOrganization(acme, 'docs'), {
      parent_resource_id: await idIn(globex, 'web'),
    })
    expect(answer.status).toBe(404)
    expect((await server.call('GET', inOrganization(acme, 'docs'))).json).toEqual(docs)
  })

  test('is not there to hold a role on', async () => {
    const body = { role_slug: 'editor', resource_id: await idIn(globex, 'web') }
    const { status } = await server.call(
      'POST',
      `/authorization/organization_memberships/${ann}/role_assignments`,
      body,
    )
    expect(status).toBe(404)
    expect(await server.engine.listAssignments(acme, { membershipId: ann })).toHaveLength(1)
  })

  test('is not there to come into a group, nor to be given a role by its name', async () => {
    const { value: group } = await server.engine.createGroup({ organizationId: acme, name: 'Writers' })
    const path = `/organizations/${acme}/groups/${group.id}/organization-memberships`
    expect((await server.call('POST', path, { organization_membership_id: gus })).status).toBe(404)
    expect(await server.engine.listGroupMembers(acme, group.id)).toEqual([])
    const assignments = `/authorization/organizations/${acme}/role_assignments`
    for (const subject of [{ organization_membership_id: gus }, { user_id: 'user_gus' }]) {
      expect((await server.call('POST', assignments, { ...subject, role_slug: 'admin' })).status).toBe(404)
    }
  })

  test('is not there as a role of its own', async () => {
    await server.engine.createOrganizationRole({
      organizationId: globex,
      name: 'Lead',
      slug: 'org-lead',
      on: 'project',
      permissions: ['project:edit'],
    })
    const answer = await server.call('POST', `/authorization/organizations/${acme}/role_assignments`, {
      organization_membership_id: ann,
      role_slug: 'org-lead',
      resource_external_id: 'docs',
      resource_type_slug: 'project',
    })
    expect(answer).toMatchObject({ status: 422, json: { reason: 'role_unknown' } })
    expect(await edits(ann, { ...web, resource_external_id: 'docs' })).toBe(false)
  })

  test('is not there to be removed', async () => {
    const [held] = await server.engine.listAssignments(globex, { membershipId: gus })
    const path = `/authorization/organizations/${acme}/role_assignments/${held?.id}`
    expect((await server.call('DELETE', path)).status).toBe(404)
    expect(await edits(gus, web)).toBe(true)
  })
})

describe('an external id', () => {
  test.each([
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'type:id#relation',
    'a@b|c,d;e',
    'a/b',
    '..',
    '%2e%2e',
    'a%2Fb',
    '?x=1&y#z',
    ' ',
    "'; DROP TABLE resource; --",
    '{"json":true}',
    '<script>',
    'x',
    'x'.repeat(128),
  ])('is taken as it stands: %s', async (externalId) => {
    const { status, json } = await createResource(externalId)
    expect(status).toBe(201)
    expect(json.external_id).toBe(externalId)
    const named = { resource_external_id: externalId, resource_type_slug: 'project' }
    expect(await edits(ann, named)).toBe(false)
    await server.call('POST', `/authorization/organization_memberships/${ann}/role_assignments`, {
      role_slug: 'editor',
      ...named,
    })
    expect(await edits(ann, named)).toBe(true)
    expect((await server.call('GET', inOrganization(acme, externalId))).json.id).toBe(json.id)
  })

  test('differs from the same one in another case', async () => {
    expect((await createResource('Doc1')).status).toBe(201)
    expect((await createResource('doc1')).status).toBe(201)
    expect((await createResource('doc1')).status).toBe(409)
    expect((await server.call('GET', inOrganization(acme, 'DOC1'))).status).toBe(404)
  })

  test.each([
    ['nothing', ''],
    ['129 characters', 'x'.repeat(129)],
    ['a megabyte', 'x'.repeat(900_000)],
    ['a composed letter', '\u00e9'],
    ['a decomposed letter', 'e\u0301'],
    ['the Kelvin sign', '\u212a'],
    ['a dotted capital I', '\u0130'],
    ['no width at all', 'a\u200bb'],
    ['the other direction', 'a\u202eb'],
    ['half of a pair', 'a\ud800'],
    ['a NUL', 'a\u0000b'],
    ['a line break', 'a\nb'],
    ['a number', 7],
    ['a list', ['web']],
    ['null', null],
  ])('is refused with %s', async (_, externalId) => {
    const answer = await createResource(externalId)
    expect(answer).toMatchObject({
      status: 422,
      json: { code: 'invalid_request_parameters', errors: [{ field: 'external_id' }] },
    })
    if (externalId === '' || String(externalId).length > 128) {
      expect(answer.json.errors[0].message).toMatch(externalId === '' ? 'must not be empty' : /\b128\b/)
    }
  })
})

describe('a description', () => {
  test.each([
    ['a NUL, which PostgreSQL cannot read in JSON', 'a\u0000b'],
    ['half of a pair', 'a\ud800'],
  ])('is refused with %s', async (_, description) => {
    expect((await createResource('odd', { description: 'two\nlines' })).status).toBe(201)
    const answer = await createResource('odder', { description })
    expect(answer).toMatchObject({ status: 422, json: { errors: [{ field: 'description' }] } })
  })
})

describe('a slug', () => {
  test.each(['Caf\u00e9', 'ADMIN', '\u212aelvin', 'a b', 'a\u200bb', '-a', '__proto__', '', 'x'.repeat(49)])(
    'is lower-case ASCII, at most 48 of it: not %s',
    async (slug) => {
      const body = { slug, name: 'A name' }
      for (const path of ['roles', 'permissions', 'resource_types']) {
        expect(await server.call('POST', `/authorization/${path}`, body)).toMatchObject({
          status: 422,
          json: { errors: [{ field: 'slug' }] },
        })
      }
    },
  )

  test('may be that of every object in JavaScript', async () => {
    for (const [path, slug] of [
      ['resource_types', 'constructor'],
      ['permissions', 'constructor'],
      ['roles', 'constructor'],
    ]) {
      const body = { slug, name: 'Constructor' }
      expect((await server.call('GET', `/authorization/${path}/${slug}`)).status).toBe(404)
      expect((await server.call('POST', `/authorization/${path}`, body)).status).toBe(201)
      expect((await server.call('GET', `/authorization/${path}/${slug}`)).json.slug).toBe(slug)
    }
    expect((await server.call('GET', '/authorization/model')).status).toBe(200)
  })

  test('of a permission is compared literally: nothing in it is a wildcard', async () => {
    const answers = []
    for (const permission_slug of ['project:*', '*', 'project:edit ', 'PROJECT:EDIT', 'constructor']) {
      answers.push((await server.call('POST', checkOf(ann), { permission_slug, ...web })).json)
    }
    for (const answer of answers) {
      expect(answer).toMatchObject({ authorized: false, warnings: [{ code: 'permission_unknown' }] })
    }
    await server.call('POST', '/authorization/permissions', {
      slug: 'project:*',
      name: 'All of it',
      resource_type_slug: 'project',
    })
    const { json: admin } = await server.call('POST', '/authorization/roles', {
      slug: 'all',
      name: 'All',
      resource_type_slug: 'project',
    })
    await server.call('POST', `/authorization/roles/${admin.slug}/permissions`, { slug: 'project:*' })
    const { value: member } = await server.engine.createMembership({ organizationId: acme, userId: 'x' })
    await server.call('POST', `/authorization/organization_memberships/${member.id}/role_assignments`, {
      role_slug: 'all',
      ...web,
    })
    const literal = await server.call('POST', checkOf(member.id), { permission_slug: 'project:*', ...web })
    expect(literal.json.authorized).toBe(true)
    expect(await edits(member.id, web)).toBe(false)
  })
})

describe('a user', () => {
  test('whose id is that of a group, an agent or a role is somebody else than those', async () => {
    const { value: group } = await server.engine.createGroup({ organizationId: acme, name: 'Writers' })
    const agent = await idIn(acme, 'helper', 'bot')
    await server.engine.assignRole({
      organizationId: acme,
      subject: { groupId: group.id },
      role: 'editor',
      resource: { type: 'project', externalId: 'web' },
    })
    for (const userId of [group.id, agent, 'editor', ann]) {
      await server.engine.createMembership({ organizationId: acme, userId })
      const { json } = await server.call('POST', '/authorization/checks', {
        checks: [{ organization_id: acme, user_id: userId, permission_slug: 'project:view', ...web }],
      })
      expect(json.data).toMatchObject([{ authorized: false, reason: 'no_grant' }])
    }
  })
})

async function idIn(organization: string, externalId: string, type?: string): Promise<string> {
  return (await server.call('GET', inOrganization(organization, externalId, type))).json.id
}
