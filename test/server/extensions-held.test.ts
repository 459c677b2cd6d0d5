import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AcmeServer, acme, ann, bob, globex, gus, startAcme } from './acme-server.js'

let server: AcmeServer
beforeEach(async () => {
  server = await startAcme()
})
afterEach(() => server.close())

const organization = `/authorization/organizations/${acme}`
const web = { resource_external_id: 'web', resource_type_slug: 'project' }
const docs = { resource_external_id: 'docs', resource_type_slug: 'project' }
const helper = { agent_resource_external_id: 'helper', agent_resource_type_slug: 'bot' }

async function may(subject: object, permission_slug: string, resource: object): Promise<boolean> {
  const { json } = await server.call('POST', '/authorization/checks', {
    checks: [{ organization_id: acme, ...subject, permission_slug, ...resource }],
  })
  return json.data[0].authorized
}

describe('a role of any subject', () => {
  test('is given to an agent, once, and taken back by its id', async () => {
    expect(await may(helper, 'project:edit', docs)).toBe(false)
    const body = { ...helper, role_slug: 'editor', ...docs }
    const given = await server.call('POST', `${organization}/role_assignments`, body)
    expect(given).toMatchObject({
      status: 201,
      json: {
        object: 'subject_role_assignment',
        organization_id: acme,
        subject: { type: 'agent', id: expect.stringMatching(/^authz_resource_/) },
        role: { slug: 'editor' },
      },
    })
    expect(given.headers['bailiwick-consistency-token']).toEqual(expect.any(String))
    const again = await server.call('POST', `${organization}/role_assignments`, body)
    expect(again.json.id).toBe(given.json.id)
    expect(await may(helper, 'project:edit', docs)).toBe(true)

    const { status } = await server.call('DELETE', `${organization}/role_assignments/${given.json.id}`)
    expect(status).toBe(204)
    expect(await may(helper, 'project:edit', docs)).toBe(false)
    const gone = await server.call('DELETE', `${organization}/role_assignments/${given.json.id}`)
    expect(gone).toMatchObject({ status: 404, json: { reason: 'assignment_not_found' } })
  })

  test("of a group has the id by which WorkOS's routes know it", async () => {
    const { value: group } = await server.engine.createGroup({ organizationId: acme, name: 'Writers' })
    const { json } = await server.call('POST', `${organization}/role_assignments`, {
      group_id: group.id,
      role_slug: 'editor',
      ...docs,
    })
    expect(json).toMatchObject({
      id: expect.stringMatching(/^gra_/),
      subject: { type: 'group', id: group.id },
    })
    const { status } = await server.call('DELETE', `${organization}/role_assignments/${json.id}`)
    expect(status).toBe(204)
    expect(await server.engine.listAssignments(acme, { groupId: group.id })).toEqual([])
  })

  test('is one of a list, which can be replaced: what stays keeps its id', async () => {
    const list = () =>
      server.call('GET', `${organization}/role_assignments?organization_membership_id=${ann}&order=asc`)
    const { json: before } = await list()
    expect(before.data).toMatchObject([{ role: { slug: 'editor' }, subject: { id: ann } }])
    const { status, json: replaced } = await server.call('PUT', `${organization}/role_assignments`, {
      organization_membership_id: ann,
      role_assignments: [
        { role_slug: 'editor', ...web },
        { role_slug: 'viewer', ...docs },
      ],
    })
    expect(status).toBe(200)
    expect(replaced.data.map(({ role }: { role: { slug: string } }) => role.slug).sort()).toEqual([
      'editor',
      'viewer',
    ])
    const { json: after } = await list()
    expect(after.data).toHaveLength(2)
    expect(after.data).toContainEqual(before.data[0])
  })

  test('is listed page by page, in both orders', async () => {
    await server.engine.assignRole({
      organizationId: acme,
      subject: { membershipId: ann },
      role: 'viewer',
      resource: { type: 'project', externalId: 'docs' },
    })
    const list = async (query: string) =>
      (await server.call('GET', `${organization}/role_assignments?user_id=user_ann&limit=1&${query}`)).json
    const newest = await list('')
    expect(newest.data).toMatchObject([{ role: { slug: 'viewer' } }])
    expect(newest.list_metadata.before).toBeNull()
    const older = await list(`after=${newest.list_metadata.after}`)
    expect(older).toMatchObject({ data: [{ role: { slug: 'editor' } }], list_metadata: { after: null } })
    expect((await list(`before=${older.list_metadata.before}`)).data).toEqual(newest.data)
    expect((await list('order=asc')).data).toEqual(older.data)
  })

  test('through a group is found by its id in the list, also beyond the first hundred', async () => {
    const { engine } = server
    const { value: crew } = await engine.createGroup({ organizationId: acme, name: 'Crew' })
    await engine.addGroupMember(acme, crew.id, { membershipId: bob })
    for (let n = 0; n < 101; n++) {
      const resource = { type: 'project', externalId: `project-${n}` }
      await engine.createResource({ organizationId: acme, ...resource, name: `Project ${n}` })
      const subject = { groupId: crew.id }
      await engine.assignRole({ organizationId: acme, subject, role: 'viewer', resource })
    }
    const held = `/authorization/organization_memberships/${bob}/role_assignments`
    const { json: first } = await server.call('GET', `${held}?limit=100&order=asc`)
    const { json } = await server.call(
      'GET',
      `${held}?limit=100&order=asc&after=${first.list_metadata.after}`,
    )
    const last = json.data.at(-1)
    expect(last).toMatchObject({ role: { slug: 'viewer' }, resource: { external_id: 'project-100' } })
    const taken = await server.call('DELETE', `${held}/${last.id}`)
    expect(taken).toMatchObject({ status: 409, json: { code: 'role_held_through_group' } })
  })

  test.each([
    ['a role that there is not', { role_slug: 'editr' }, 422, 'role_unknown'],
    ['a role of another type', { role_slug: 'workspace-admin' }, 422, 'role_type_mismatch'],
    ['a resource of nobody', { resource_external_id: 'nowhere' }, 404, 'resource_not_found'],
    [
      'a resource that is no agent',
      { agent_resource_external_id: 'web', agent_resource_type_slug: 'project' },
      404,
      'agent_not_found',
    ],
  ])('is not given with %s', async (_, change, status, reason) => {
    const answer = await server.call('POST', `${organization}/role_assignments`, {
      ...helper,
      role_slug: 'editor',
      ...docs,
      ...change,
    })
    expect(answer).toMatchObject({ status, json: { reason } })
  })
})

describe('an exclusion', () => {
  test('denies whatever grants, until it is deleted', async () => {
    expect(await may({ user_id: 'user_ann' }, 'project:edit', web)).toBe(true)
    const { status, json } = await server.call('POST', `${organization}/exclusions`, {
      organization_membership_id: ann,
      permission_slug: 'project:edit',
      ...web,
    })
    expect(status).toBe(201)
    expect(json).toMatchObject({ object: 'exclusion', effect: 'deny', subject: { id: ann } })
    expect(await may({ user_id: 'user_ann' }, 'project:edit', web)).toBe(false)
    expect(await may({ user_id: 'user_ann' }, 'project:view', web)).toBe(true)

    const { json: list } = await server.call('GET', `${organization}/exclusions`)
    expect(list).toMatchObject({ data: [json], list_metadata: { before: null, after: null } })
    expect((await server.call('GET', `${organization}/exclusions/${json.id}`)).json).toEqual(json)
    expect((await server.call('DELETE', `${organization}/exclusions/${json.id}`)).status).toBe(204)
    expect(await may({ user_id: 'user_ann' }, 'project:edit', web)).toBe(true)
    expect(await server.call('GET', `${organization}/exclusions/${json.id}`)).toMatchObject({
      status: 404,
      json: { reason: 'exclusion_not_found' },
    })
  })

  test('grants one permission alone where its effect is `allow`, to an agent as well', async () => {
    const { json } = await server.call('POST', `${organization}/exclusions`, {
      ...helper,
      permission_slug: 'project:edit',
      effect: 'allow',
      ...docs,
    })
    expect(json).toMatchObject({ effect: 'allow', subject: { type: 'agent' } })
    expect(await may(helper, 'project:edit', docs)).toBe(true)
    expect(await may(helper, 'project:edit', web)).toBe(false)
  })

  test('of another organization is not there', async () => {
    const { json } = await server.call('POST', `${organization}/exclusions`, {
      user_id: 'user_ann',
      permission_slug: 'project:edit',
    })
    const path = `/authorization/organizations/${globex}/exclusions`
    expect((await server.call('GET', `${path}/${json.id}`)).status).toBe(404)
    expect((await server.call('DELETE', `${path}/${json.id}`)).status).toBe(404)
    expect(await server.engine.listExclusions(acme)).toHaveLength(1)
  })
})

describe('a group of the identity provider', () => {
  const mapping = { directory_group: 'Engineers', role_slug: 'editor', ...docs }

  test('gives its role while the mapping is there and the membership is in it', async () => {
    const { status, json } = await server.call('POST', `${organization}/directory_mappings`, mapping)
    expect(status).toBe(201)
    expect(json).toMatchObject({
      object: 'directory_mapping',
      directory_group: 'Engineers',
      role: { slug: 'editor' },
    })
    expect(await may({ user_id: 'user_bob' }, 'project:edit', docs)).toBe(false)
    const synced = await server.call('PUT', `${organization}/directory_groups`, {
      user_id: 'user_bob',
      directory_groups: ['Engineers'],
    })
    expect(synced).toMatchObject({
      status: 200,
      json: { object: 'organization_membership', id: bob, organization_name: 'Acme' },
    })
    expect(await may({ user_id: 'user_bob' }, 'project:edit', docs)).toBe(true)
    expect((await server.call('GET', `${organization}/directory_mappings`)).json.data).toEqual([json])
    expect((await server.call('GET', `${organization}/directory_mappings/${json.id}`)).json).toEqual(json)
    expect((await server.call('DELETE', `${organization}/directory_mappings/${json.id}`)).status).toBe(204)
    expect(await may({ user_id: 'user_bob' }, 'project:edit', docs)).toBe(false)
  })

  test('is entered and left one by one', async () => {
    await server.call('POST', `${organization}/directory_mappings`, mapping)
    const tell = (kind: string) =>
      server.call('POST', `${organization}/directory_group_events`, {
        organization_membership_id: bob,
        kind,
        directory_group: 'Engineers',
      })
    const { json } = await tell('added')
    expect(json.directory_groups).toMatchObject({ directory: ['Engineers'] })
    expect(await may({ user_id: 'user_bob' }, 'project:edit', docs)).toBe(true)
    await tell('removed')
    expect(await may({ user_id: 'user_bob' }, 'project:edit', docs)).toBe(false)
  })

  test('is mapped to one role once, compared byte by byte', async () => {
    await server.call('POST', `${organization}/directory_mappings`, mapping)
    expect(await server.call('POST', `${organization}/directory_mappings`, mapping)).toMatchObject({
      status: 409,
      json: { reason: 'mapping_exists' },
    })
    const { status } = await server.call('POST', `${organization}/directory_mappings`, {
      ...mapping,
      directory_group: 'engineers',
    })
    expect(status).toBe(201)
  })

  test('is nothing for a member of another organization', async () => {
    const answer = await server.call('PUT', `${organization}/directory_groups`, {
      organization_membership_id: gus,
      directory_groups: ['Engineers'],
    })
    expect(answer).toMatchObject({ status: 404, json: { reason: 'membership_not_found' } })
  })
})

describe('a membership', () => {
  test('is made in any status and without a role, and once', async () => {
    const body = { id: 'om_cleo', user_id: 'user_cleo', status: 'pending', role_slugs: [] }
    const { status, json } = await server.call('POST', `${organization}/memberships`, body)
    expect(status).toBe(201)
    expect(json).toMatchObject({ id: 'om_cleo', user_id: 'user_cleo', status: 'pending', roles: [] })
    expect(await server.engine.findUser({ id: 'user_cleo' })).toMatchObject({ id: 'user_cleo' })
    const { json: usual } = await server.call('POST', `${organization}/memberships`, { user_id: 'dan' })
    expect(usual).toMatchObject({ status: 'active', roles: [{ slug: 'member' }] })
    expect(await server.call('POST', `${organization}/memberships`, { user_id: 'dan' })).toMatchObject({
      status: 409,
      json: { reason: 'membership_exists' },
    })
  })

  test('comes into any status, and is allowed something in one', async () => {
    const say = (status: string) =>
      server.call('PUT', `${organization}/membership_status`, { user_id: 'user_ann', status })
    for (const status of ['pending', 'inactive']) {
      expect((await say(status)).json).toMatchObject({ id: ann, status })
      expect(await may({ user_id: 'user_ann' }, 'project:edit', web)).toBe(false)
    }
    await say('active')
    expect(await may({ user_id: 'user_ann' }, 'project:edit', web)).toBe(true)
    expect((await say('asleep')).status).toBe(422)
  })

  test('has the roles that are said, none as well', async () => {
    const say = (role_slugs: readonly string[]) =>
      server.call('PUT', `${organization}/membership_roles`, {
        organization_membership_id: bob,
        role_slugs,
      })
    expect((await say(['admin'])).json.roles).toEqual([{ slug: 'admin' }])
    expect(await may({ user_id: 'user_bob' }, 'billing:manage', {})).toBe(true)
    expect((await say([])).json).toMatchObject({ role: null, roles: [] })
    expect(await may({ user_id: 'user_bob' }, 'billing:manage', {})).toBe(false)
    expect(await say(['editor'])).toMatchObject({ status: 422, json: { reason: 'role_type_mismatch' } })
  })

  test('is none of another organization, and one at a time', async () => {
    const status = 'inactive'
    for (const [subject, expected] of [
      [{ organization_membership_id: gus }, 404],
      [{ organization_membership_id: ann, user_id: 'user_bob' }, 422],
      [{}, 422],
    ] as const) {
      const answer = await server.call('PUT', `${organization}/membership_status`, { ...subject, status })
      expect(answer.status).toBe(expected)
    }
    expect(await may({ user_id: 'user_ann' }, 'project:edit', web)).toBe(true)
  })
})

describe('the order of roles', () => {
  test("is the environment's until the organization has a role of its own", async () => {
    const path = `${organization}/role_order`
    expect((await server.call('GET', path)).json).toEqual({
      object: 'role_order',
      organization_id: acme,
      own: false,
      default_role_slug: 'member',
      priority: ['member', 'admin'],
    })
    const change = { default_role_slug: 'admin', priority: ['admin'] }
    expect(await server.call('PUT', path, change)).toMatchObject({
      status: 409,
      json: { reason: 'no_organization_roles' },
    })
    await server.engine.createOrganizationRole({ organizationId: acme, name: 'Lead', slug: 'org-lead' })
    expect(await server.call('PUT', path, change)).toMatchObject({
      status: 200,
      json: { own: true, default_role_slug: 'admin', priority: ['admin', 'member', 'org-lead'] },
    })
    expect((await server.call('PUT', path, { default_role_slug: null })).json.default_role_slug).toBeNull()
    expect((await server.call('GET', '/authorization/organizations/org_nowhere/role_order')).status).toBe(404)
  })
})
