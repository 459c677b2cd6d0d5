import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AcmeServer, acme, ann, bob, globex, startAcme } from './acme-server.js'

let server: AcmeServer
beforeAll(async () => {
  server = await startAcme()
  for (let number = 10; number < 30; number++) {
    const externalId = `p${number}`
    await server.engine.createResource({
      organizationId: acme,
      type: 'project',
      externalId,
      name: externalId,
    })
    if (number % 2 === 0) {
      await server.engine.assignRole({
        organizationId: acme,
        subject: { membershipId: ann },
        role: 'viewer',
        resource: { type: 'project', externalId },
      })
    }
  }
})
afterAll(() => server.close())

const annViews = {
  organization_id: acme,
  organization_membership_id: ann,
  permission_slug: 'project:view',
  resource_type_slug: 'project',
}
const web = { resource_external_id: 'web', resource_type_slug: 'project' }

describe('a search for resources', () => {
  test('goes through all pages in both directions, and finds the same', async () => {
    const forth: string[] = []
    let after: string | null | undefined
    let page: { data: { external_id: string }[]; list_metadata: { before: string; after: string | null } }
    do {
      const { json } = await server.call('POST', '/authorization/resource_search', {
        ...annViews,
        limit: 4,
        ...(after && { after }),
      })
      page = json
      forth.push(...page.data.map(({ external_id }) => external_id))
      after = page.list_metadata.after
    } while (after !== null)
    expect([...forth].sort()).toEqual([
      'p10',
      'p12',
      'p14',
      'p16',
      'p18',
      'p20',
      'p22',
      'p24',
      'p26',
      'p28',
      'web',
    ])
    const { json: back } = await server.call('POST', '/authorization/resource_search', {
      ...annViews,
      limit: 4,
      before: page.list_metadata.before,
    })
    expect(back.data.map(({ external_id }: { external_id: string }) => external_id)).toEqual(
      forth.slice(-4 - page.data.length, -page.data.length),
    )
  })

  test('may be below one resource only', async () => {
    const { json } = await server.call('POST', '/authorization/resource_search', {
      ...annViews,
      under_resource_external_id: 'eng',
      under_resource_type_slug: 'workspace',
    })
    expect(json.data).toMatchObject([{ external_id: 'web' }])
  })

  test('begins at the end where that is asked, and at the id of an item', async () => {
    const find = async (more: object) =>
      (await server.call('POST', '/authorization/resource_search', { ...annViews, limit: 100, ...more })).json
        .data
    const all = await find({})
    expect(await find({ order: 'desc' })).toEqual([...all].reverse())
    expect(await find({ after: all[3].id })).toEqual(all.slice(4))
    expect(await find({ after: all[3].id, order: 'desc' })).toEqual(all.slice(0, 3).reverse())
  })

  test('finds nothing for who holds nothing, and what an agent may see', async () => {
    const { json: bobs } = await server.call('POST', '/authorization/resource_search', {
      ...annViews,
      organization_membership_id: bob,
    })
    expect(bobs).toEqual({ object: 'list', data: [], list_metadata: { before: null, after: null } })
    const { organization_membership_id: _, ...question } = annViews
    const { json: helpers } = await server.call('POST', '/authorization/resource_search', {
      ...question,
      agent_resource_external_id: 'helper',
      agent_resource_type_slug: 'bot',
    })
    expect(helpers.data).toMatchObject([{ external_id: 'web' }])
  })

  test.each([
    ['of nobody', { organization_membership_id: undefined }, 422],
    ['for an unknown permission', { permission_slug: 'project:veiw' }, 422],
    ['for more than a hundred', { limit: 101 }, 422],
    ['for none', { limit: 0 }, 422],
    ['from a made-up place', { after: 'nowhere' }, 422],
    ['in no order', { order: 'random' }, 422],
  ])('%s is refused', async (_, change, status) => {
    const answer = await server.call('POST', '/authorization/resource_search', { ...annViews, ...change })
    expect(answer).toMatchObject({ status, json: { message: expect.any(String) } })
  })

  test('does not go on from the place of another question', async () => {
    const { json } = await server.call('POST', '/authorization/resource_search', { ...annViews, limit: 1 })
    const answer = await server.call('POST', '/authorization/resource_search', {
      ...annViews,
      organization_membership_id: bob,
      after: json.list_metadata.after,
    })
    expect(answer).toMatchObject({ status: 422, json: { reason: 'cursor_invalid' } })
  })
})

describe('a search for subjects', () => {
  test.each([
    ['organization_membership', [{ type: 'organization_membership', id: ann }]],
    ['agent', [{ type: 'agent', id: expect.stringMatching(/^authz_resource_/) }]],
    ['group', []],
  ])('finds each %s that may', async (subject_type, found) => {
    const { json } = await server.call('POST', '/authorization/subject_search', {
      organization_id: acme,
      permission_slug: 'project:view',
      ...web,
      subject_type,
    })
    expect(json.data).toEqual(found)
  })

  test('finds the organization by the id of the resource, and nobody of another', async () => {
    const resource = await server.engine.findResource(globex, { type: 'project', externalId: 'web' })
    const { json } = await server.call('POST', '/authorization/subject_search', {
      permission_slug: 'project:view',
      resource_id: resource?.id,
    })
    expect(json.data).toEqual([{ type: 'organization_membership', id: 'om_gus' }])
  })
})

describe('a scope', () => {
  test('names the resources, says all, or says nowhere', async () => {
    const { json: some } = await server.call('POST', '/authorization/scopes', annViews)
    expect(some).toMatchObject({ object: 'scope', kind: 'some', organization_id: acme, except: [] })
    expect(some.within).toHaveLength(11)
    await server.engine.createMembership({ organizationId: acme, userId: 'user_chief', roles: ['admin'] })
    const { organization_membership_id: _, ...question } = annViews
    const { json: all } = await server.call('POST', '/authorization/scopes', {
      ...question,
      user_id: 'user_chief',
    })
    expect(all).toEqual({
      object: 'scope',
      kind: 'all',
      organization_id: acme,
      resource_type_slug: 'project',
    })
    const { json: none } = await server.call('POST', '/authorization/scopes', {
      ...annViews,
      organization_membership_id: bob,
    })
    expect(none).toEqual({ object: 'scope', kind: 'none' })
  })
})

describe('what a remote engine asks beside', () => {
  test('effective permissions, of a membership and of an agent for it', async () => {
    const question = { organization_id: acme, ...web }
    const { json: anns } = await server.call('POST', '/authorization/effective_permissions', {
      ...question,
      user_id: 'user_ann',
    })
    expect(anns).toEqual({
      object: 'effective_permissions',
      permission_slugs: ['project:edit', 'project:view'],
    })
    const { json: helpers } = await server.call('POST', '/authorization/effective_permissions', {
      ...question,
      agent_resource_external_id: 'helper',
      agent_resource_type_slug: 'bot',
      on_behalf_of: [{ user_id: 'user_ann' }],
    })
    expect(helpers.permission_slugs).toEqual(['project:view'])
  })

  test('whether the organization has a resource', async () => {
    const exists = async (organization: string, externalId: string) => {
      const { json } = await server.call(
        'GET',
        `/authorization/organizations/${organization}/resource_existence?resource_external_id=${externalId}&resource_type_slug=project`,
      )
      return json.exists
    }
    expect(await exists(acme, 'docs')).toBe(true)
    expect(await exists(globex, 'docs')).toBe(false)
    expect(await exists('org_nowhere', 'docs')).toBe(false)
    const root = (id: string) => server.call('GET', `/authorization/organizations/${id}/resource_existence`)
    expect((await root(acme)).json.exists).toBe(true)
    expect((await root('org_nowhere')).json.exists).toBe(false)
  })

  test('whether anything in the organization denies a permission', async () => {
    const path = `/authorization/organizations/${acme}/excluded_permissions`
    expect((await server.call('GET', `${path}/billing:manage`)).json.excluded).toBe(false)
    await server.call('POST', `/authorization/organizations/${acme}/exclusions`, {
      user_id: 'user_bob',
      permission_slug: 'billing:manage',
    })
    expect((await server.call('GET', `${path}/billing:manage`)).json.excluded).toBe(true)
    expect((await server.call('GET', `${path}/project:edit`)).json.excluded).toBe(false)
    expect((await server.call('GET', `${path}/project:edti`)).status).toBe(422)
  })
})
