import { compileModel } from '@bailiwick/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AcmeServer, acme, ann, bob, globex, model, startAcme } from './acme-server.js'

// Roles and agents: nobody comes to more than was given, and what is taken back does not come again.

let server: AcmeServer
beforeEach(async () => {
  server = await startAcme()
})
afterEach(() => server.close())

const organization = `/authorization/organizations/${acme}`
const web = { resource_external_id: 'web', resource_type_slug: 'project' }
const docs = { resource_external_id: 'docs', resource_type_slug: 'project' }
const helper = { agent_resource_external_id: 'helper', agent_resource_type_slug: 'bot' }

async function decide(subject: object, permission_slug: string, more: object = web) {
  const { json } = await server.call('POST', '/authorization/checks', {
    checks: [{ organization_id: acme, ...subject, permission_slug, ...more }],
  })
  return json.data[0]
}

async function may(subject: object, permission: string, more?: object): Promise<boolean> {
  return (await decide(subject, permission, more)).authorized
}

async function give(subject: object, role_slug: string, resource: object = {}) {
  const answer = await server.call('POST', `${organization}/role_assignments`, {
    ...subject,
    role_slug,
    ...resource,
  })
  expect(answer.status).toBe(201)
  return answer.json
}

describe('a role', () => {
  test.each([
    ['of its type and below', 'workspace', 'project:edit', 200],
    ['of the type above', 'project', 'workspace:manage', 422],
    ['of the organization, below it', 'project', 'billing:manage', 422],
    ['that there is not', 'workspace', 'workspace:paint', 422],
  ])('holds a permission %s', async (_, resource_type_slug, permission, status) => {
    for (const [path, slug] of [
      ['/authorization/roles', 'lead'],
      [`${organization}/roles`, 'org-lead'],
    ]) {
      const created = await server.call('POST', path as string, { slug, name: 'Lead', resource_type_slug })
      expect(created.status).toBe(201)
      const answer = await server.call('PUT', `${path}/${slug}/permissions`, { permissions: [permission] })
      expect(answer.status).toBe(status)
      const { json } = await server.call('GET', `${path}/${slug}`)
      expect(json.permissions).toEqual(status === 200 ? [permission] : [])
    }
  })

  test('of the environment and of an organization never have one slug', async () => {
    for (const [path, slug] of [
      ['/authorization/roles', 'org-lead'],
      [`${organization}/roles`, 'lead'],
    ]) {
      const answer = await server.call('POST', path as string, { slug, name: 'Lead' })
      expect(answer).toMatchObject({ status: 422 })
    }
  })

  test('of one organization is none of another, whatever it is called', async () => {
    for (const id of [acme, globex]) {
      const path = `/authorization/organizations/${id}/roles`
      await server.call('POST', path, { slug: 'org-lead', name: 'Lead' })
    }
    await server.call('PUT', `${organization}/roles/org-lead/permissions`, { permissions: ['project:edit'] })
    const { json } = await server.call('GET', `/authorization/organizations/${globex}/roles/org-lead`)
    expect(json.permissions).toEqual([])
  })

  test("that is held is not deleted; and made again, it is nobody's", async () => {
    await server.call('POST', `${organization}/roles`, {
      slug: 'org-lead',
      name: 'Lead',
      resource_type_slug: 'project',
    })
    const permissions = { permissions: ['project:edit'] }
    await server.call('PUT', `${organization}/roles/org-lead/permissions`, permissions)
    const { id } = await give({ user_id: 'user_bob' }, 'org-lead', web)
    expect(await may({ user_id: 'user_bob' }, 'project:edit')).toBe(true)
    expect(await server.call('DELETE', `${organization}/roles/org-lead`)).toMatchObject({
      status: 409,
      json: { code: 'role_has_assignments' },
    })
    expect(await may({ user_id: 'user_bob' }, 'project:edit')).toBe(true)

    await server.call('DELETE', `${organization}/role_assignments/${id}`)
    expect((await server.call('DELETE', `${organization}/roles/org-lead`)).status).toBe(204)
    await server.call('POST', `${organization}/roles`, {
      slug: 'org-lead',
      name: 'Lead',
      resource_type_slug: 'project',
    })
    await server.call('PUT', `${organization}/roles/org-lead/permissions`, permissions)
    expect(await may({ user_id: 'user_bob' }, 'project:edit')).toBe(false)
  })

  test('loses a permission that is deleted, and does not get it back with its slug', async () => {
    expect(await may({ user_id: 'user_ann' }, 'project:edit')).toBe(true)
    expect((await server.call('DELETE', '/authorization/permissions/project:edit')).status).toBe(204)
    expect(await decide({ user_id: 'user_ann' }, 'project:edit')).toMatchObject({
      authorized: false,
      warnings: [{ code: 'permission_unknown' }],
    })
    await server.call('POST', '/authorization/permissions', {
      slug: 'project:edit',
      name: 'Edit',
      resource_type_slug: 'project',
    })
    expect(await may({ user_id: 'user_ann' }, 'project:edit')).toBe(false)
    expect(await may({ user_id: 'user_ann' }, 'project:view')).toBe(true)
  })
})

describe('a role with many permissions', () => {
  test.each([33, 54, 65, 1_000])('is exact with %i of them', async (count) => {
    const slugs = Array.from({ length: count }, (_, number) => `p${number}`)
    const held = slugs.filter((_, number) => number % 3 === 0)
    const many = await startAcme({
      model: compileModel({
        resourceTypes: { project: { parents: ['organization', 'workspace'] }, ...others },
        permissions: Object.fromEntries(
          [...slugs, ...model.permissions.keys()].map((slug) => [
            slug,
            model.permissions.get(slug)?.on ?? 'project',
          ]),
        ),
        roles: {
          ...roles,
          some: { on: 'project', permissions: held },
        },
        defaultRole: 'member',
      }),
    })
    try {
      await many.engine.assignRole({
        organizationId: acme,
        subject: { membershipId: bob },
        role: 'some',
        resource: { type: 'project', externalId: 'web' },
      })
      const { json } = await many.call('POST', '/authorization/effective_permissions', {
        organization_id: acme,
        organization_membership_id: bob,
        ...web,
      })
      expect(json.permission_slugs).toEqual([...held].sort())
      const asked = slugs.slice(-100)
      const { json: checks } = await many.call('POST', '/authorization/checks', {
        checks: asked.map((permission_slug) => ({
          organization_id: acme,
          organization_membership_id: bob,
          permission_slug,
          ...web,
        })),
      })
      expect(checks.data.map(({ authorized }: { authorized: boolean }) => authorized)).toEqual(
        asked.map((slug) => held.includes(slug)),
      )
    } finally {
      await many.close()
    }
  })
})

const others = {
  workspace: { parents: ['organization'] },
  bot: { parents: ['workspace', 'organization'], agent: true },
} as const
const roles = Object.fromEntries(
  [...model.roles.values()].map(({ slug, on, permissions }) => [slug, { on, permissions }]),
)

describe('what a body brings along', () => {
  test.each([
    [
      'a resource',
      'POST',
      '/authorization/resources',
      { organization_id: acme, resource_type_slug: 'project', external_id: 'new', name: 'New' },
    ],
    [
      'a permission',
      'POST',
      '/authorization/permissions',
      { slug: 'project:paint', name: 'Paint', resource_type_slug: 'project' },
    ],
    [
      'a role',
      'POST',
      '/authorization/roles',
      { slug: 'painter', name: 'Painter', resource_type_slug: 'project' },
    ],
    ['a resource type', 'POST', '/authorization/resource_types', { slug: 'folder', name: 'Folder' }],
    [
      'an exclusion',
      'POST',
      `${organization}/exclusions`,
      { user_id: 'user_ann', permission_slug: 'project:edit' },
    ],
    [
      'an assignment',
      'POST',
      `${organization}/role_assignments`,
      { user_id: 'user_bob', role_slug: 'viewer', ...web },
    ],
    ['a group', 'POST', `/organizations/${acme}/groups`, { name: 'Writers' }],
  ])('beyond what %s has is never applied', async (_, method, path, body) => {
    const brought = {
      id: 'authz_resource_mine',
      object: 'admin',
      system: true,
      is_system: true,
      type: 'OrganizationRole',
      created_at: '1999-01-01T00:00:00.000Z',
      updated_at: '1999-01-01T00:00:00.000Z',
    }
    const { status, json } = await server.call(method, path, { ...brought, ...body })
    expect(status).toBe(201)
    for (const [field, value] of Object.entries(brought)) expect(json[field]).not.toEqual(value)
  })

  test('changes neither the identity of a resource nor where it lies', async () => {
    const path = `${organization}/resources/project/web`
    const { json: before } = await server.call('GET', path)
    const { json: after } = await server.call('PATCH', path, {
      name: 'Renamed',
      id: 'authz_resource_mine',
      external_id: 'docs',
      resource_type_slug: 'workspace',
      organization_id: globex,
      created_at: '1999-01-01T00:00:00.000Z',
    })
    expect(after).toEqual({ ...before, name: 'Renamed', updated_at: after.updated_at })
  })

  test('does not make a role of another type, nor one of another organization', async () => {
    await server.call('POST', `${organization}/roles`, { slug: 'org-lead', name: 'Lead' })
    const { json } = await server.call('PATCH', `${organization}/roles/org-lead`, {
      name: 'Leader',
      slug: 'org-chief',
      resource_type_slug: 'project',
      organization_id: globex,
      type: 'EnvironmentRole',
    })
    expect(json).toMatchObject({
      slug: 'org-lead',
      name: 'Leader',
      resource_type_slug: 'organization',
      type: 'OrganizationRole',
    })
    expect(await server.engine.listOrganizationRoles(globex)).toEqual([])
  })
})

describe('a group of the identity provider', () => {
  const map = (directory_group: string, role_slug: string) =>
    server.call('POST', `${organization}/directory_mappings`, { directory_group, role_slug })
  const sync = (directory_groups: readonly string[]) =>
    server.call('PUT', `${organization}/directory_groups`, { user_id: 'user_bob', directory_groups })

  test('stops to give when its mapping goes, or when it is told by another name', async () => {
    const { json } = await map('Admins', 'admin')
    await sync(['Admins'])
    expect(await may({ user_id: 'user_bob' }, 'billing:manage', {})).toBe(true)
    await sync(['admins'])
    expect(await may({ user_id: 'user_bob' }, 'billing:manage', {})).toBe(false)
    await sync(['Admins'])
    await server.call('DELETE', `${organization}/directory_mappings/${json.id}`)
    expect(await may({ user_id: 'user_bob' }, 'billing:manage', {})).toBe(false)
  })

  test('counts by the priority of its role, where one role counts at a time', async () => {
    await server.call('PATCH', '/authorization/settings', {
      role_mode: 'single',
      role_priority: ['member', 'admin'],
    })
    await map('Admins', 'admin')
    await map('Everybody', 'member')
    await sync(['Admins', 'Everybody'])
    expect(await may({ user_id: 'user_bob' }, 'billing:manage', {})).toBe(false)
    await server.call('PATCH', '/authorization/settings', { role_priority: ['admin', 'member'] })
    expect(await may({ user_id: 'user_bob' }, 'billing:manage', {})).toBe(true)
  })
})

describe('an agent', () => {
  const forAnn = { ...web, on_behalf_of: [{ user_id: 'user_ann' }] }

  test('is allowed what both are allowed, until one of them loses it', async () => {
    await give(helper, 'editor', web)
    expect(await may(helper, 'project:edit', forAnn)).toBe(true)
    const [held] = await server.engine.listAssignments(acme, { membershipId: ann })
    await server.call('DELETE', `${organization}/role_assignments/${held?.id}`)
    expect(await decide(helper, 'project:edit', forAnn)).toMatchObject({
      authorized: false,
      on_behalf_of: { user_id: 'user_ann' },
    })
    expect(await may(helper, 'project:edit')).toBe(true)
  })

  test('is never allowed more than it may itself, for whomever it acts', async () => {
    const { json } = await server.call('POST', '/authorization/organizations/org_acme/role_assignments', {
      user_id: 'user_bob',
      role_slug: 'admin',
    })
    expect(json.role.slug).toBe('admin')
    expect(await may({ user_id: 'user_bob' }, 'project:edit', docs)).toBe(true)
    expect(await may(helper, 'project:edit', { ...docs, on_behalf_of: [{ user_id: 'user_bob' }] })).toBe(
      false,
    )
  })

  test.each([
    ['somebody of another organization', [{ user_id: 'user_gus' }], 'membership_unknown'],
    ['nobody who exists', [{ user_id: 'nobody' }], 'membership_unknown'],
    ['an agent that does not exist', [{ agent_resource_id: 'authz_resource_9' }], 'agent_unknown'],
    [
      'a resource that is no agent',
      [{ agent_resource_external_id: 'web', agent_resource_type_slug: 'project' }],
      'agent_unknown',
    ],
    [
      'somebody who may, and somebody who may not',
      [{ user_id: 'user_ann' }, { user_id: 'user_bob' }],
      'no_grant',
    ],
    [
      'somebody who may not, and somebody who may',
      [{ user_id: 'user_bob' }, { user_id: 'user_ann' }],
      'no_grant',
    ],
  ])('may nothing for %s', async (_, on_behalf_of, reason) => {
    expect(await decide(helper, 'project:view', { ...web, on_behalf_of })).toMatchObject({
      authorized: false,
      reason,
    })
  })

  test('may nothing for a member who is deactivated, and may again when she is back', async () => {
    const path = `/user_management/organization_memberships/${ann}`
    expect(await may(helper, 'project:view', forAnn)).toBe(true)
    await server.call('PUT', `${path}/deactivate`)
    expect(await decide(helper, 'project:view', forAnn)).toMatchObject({ reason: 'membership_inactive' })
    await server.call('PUT', `${path}/reactivate`)
    expect(await may(helper, 'project:view', forAnn)).toBe(true)
  })

  test('acts through others only as far as all of them may, and at most ten deep', async () => {
    const chain = (length: number) => [
      ...Array.from({ length: length - 1 }, () => helper),
      { user_id: 'user_ann' },
    ]
    const ask = (length: number) => decide(helper, 'project:view', { ...web, on_behalf_of: chain(length) })
    expect((await ask(10)).authorized).toBe(true)
    expect(await ask(11)).toMatchObject({ error: { status: 422 } })
    await server.call('POST', `${organization}/exclusions`, { ...helper, permission_slug: 'project:view' })
    expect((await ask(2)).authorized).toBe(false)
  })

  test('asks for somebody, or the question is none', async () => {
    for (const subject of [{}, { on_behalf_of: [{ user_id: 'user_ann' }] }]) {
      const answer = await decide(subject, 'project:view')
      expect(answer).toMatchObject({ error: { status: 422, reason: 'input_invalid' } })
    }
    expect(await decide(helper, 'project:view', { ...web, on_behalf_of: [{}] })).toMatchObject({
      error: { status: 422 },
    })
  })

  test('is asked about in the same way on the route of WorkOS', async () => {
    const path = `/authorization/organization_memberships/${ann}/check`
    const ask = async (on_behalf_of: unknown) =>
      (await server.call('POST', path, { permission_slug: 'project:edit', ...web, on_behalf_of })).json
    expect(await ask([{ user_id: 'user_ann' }])).toMatchObject({ authorized: true })
    expect(await ask([{ user_id: 'user_bob' }])).toMatchObject({ authorized: false })
  })
})
