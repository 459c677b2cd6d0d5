import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AcmeServer, acme, ann, bob, globex, gus, startAcme } from './acme-server.js'
import { request } from './request.js'

let server: AcmeServer
beforeAll(async () => {
  server = await startAcme()
})
afterAll(() => server.close())

const web = { resource_external_id: 'web', resource_type_slug: 'project' }
const annEditsWeb = {
  organization_id: acme,
  organization_membership_id: ann,
  permission_slug: 'project:edit',
  ...web,
}
const helper = { agent_resource_external_id: 'helper', agent_resource_type_slug: 'bot' }

async function checks(...asked: readonly unknown[]) {
  const { status, json } = await server.call('POST', '/authorization/checks', { checks: asked })
  expect(status).toBe(200)
  return json.data
}

describe('a batch of checks', () => {
  test('answers each in its place, with its grant or the nearest misses', async () => {
    const [allowed, denied] = await checks(annEditsWeb, { ...annEditsWeb, organization_membership_id: bob })
    expect(allowed).toMatchObject({
      index: 0,
      authorized: true,
      grants: [{ from: 'role_assignment', role: { slug: 'editor' }, resource: { external_id: 'web' } }],
    })
    expect(denied).toMatchObject({
      index: 1,
      authorized: false,
      reason: 'no_grant',
      nearest_misses: expect.arrayContaining([
        { role: { slug: 'editor' }, resource: expect.objectContaining({ external_id: 'web' }) },
      ]),
    })
  })

  test('asks for users, groups and agents as for memberships', async () => {
    const { value: group } = await server.engine.createGroup({ organizationId: acme, name: 'Writers' })
    const question = { organization_id: acme, permission_slug: 'project:view', ...web }
    const answers = await checks(
      { ...question, user_id: 'user_ann' },
      { ...question, user_id: 'user_bob' },
      { ...question, group_id: group.id },
      { ...question, ...helper },
      { ...question, ...helper, permission_slug: 'project:edit' },
    )
    expect(authorized(answers)).toEqual([true, false, false, true, false])
  })

  test('takes no resource for the whole organization, to which a role on one project says nothing', async () => {
    const { value: admin } = await server.engine.createMembership({
      organizationId: acme,
      userId: 'user_admin',
      roles: ['admin'],
    })
    const { resource_external_id: _, resource_type_slug: __, ...everywhere } = annEditsWeb
    const answers = await checks(everywhere, { ...everywhere, organization_membership_id: admin.id })
    expect(authorized(answers)).toEqual([false, true])
  })

  test('allows an agent only what the member for whom it acts is allowed as well', async () => {
    const question = { organization_id: acme, ...helper, permission_slug: 'project:view', ...web }
    const answers = await checks(
      { ...question, on_behalf_of: [{ user_id: 'user_ann' }] },
      { ...question, on_behalf_of: [{ user_id: 'user_bob' }] },
      { ...question, permission_slug: 'project:edit', on_behalf_of: [{ user_id: 'user_ann' }] },
    )
    expect(authorized(answers)).toEqual([true, false, false])
    expect(answers[0].delegations).toMatchObject([{ on_behalf_of: { user_id: 'user_ann' } }])
    expect(answers[1]).toMatchObject({ reason: 'no_grant', on_behalf_of: { user_id: 'user_bob' } })
  })

  test('explains those that ask for it', async () => {
    const [plain, explained] = await checks(annEditsWeb, { ...annEditsWeb, explain: true })
    expect(plain).not.toHaveProperty('sentences')
    expect(explained).toMatchObject({
      authorized: true,
      question: annEditsWeb,
      path: [
        { external_id: 'web' },
        { external_id: 'eng' },
        { resource_type_slug: 'organization', external_id: acme },
      ],
      sentences: ['allowed: `project:edit` on project `web`', expect.stringContaining('`editor`')],
    })
  })

  test('tells a broken one in its place, and answers the others', async () => {
    const answers = await checks(
      annEditsWeb,
      { permission_slug: 'project:edit' },
      { ...annEditsWeb, organization_membership_id: 'om_' },
      { ...annEditsWeb, permission_slug: 7 },
      'no check at all',
      { ...annEditsWeb, user_id: 'user_ann' },
      {
        organization_id: acme,
        user_id: 'user_ann',
        permission_slug: 'project:edit',
        resource_type_slug: 'x',
      },
      { user_id: 'user_ann', permission_slug: 'project:edit', ...web },
      { ...annEditsWeb, on_behalf_of: Array.from({ length: 11 }, () => ({ user_id: 'user_ann' })) },
      annEditsWeb,
    )
    expect(answers.map(({ index }: { index: number }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(answers[0].authorized).toBe(true)
    expect(answers[9].authorized).toBe(true)
    for (const { error, authorized } of answers.slice(1, 9)) {
      expect(error).toMatchObject({ status: 422, code: 'invalid_request_parameters' })
      expect(authorized).toBeUndefined()
    }
    expect(answers[3].error.errors).toMatchObject([{ field: 'permission_slug' }])
  })

  test('says no with a warning to a permission that the model does not have', async () => {
    const [typo, right] = await checks({ ...annEditsWeb, permission_slug: 'project:edti' }, annEditsWeb)
    expect(typo).toMatchObject({
      authorized: false,
      warnings: [{ code: 'permission_unknown', nearest_permission_slug: 'project:edit' }],
    })
    expect(right.authorized).toBe(true)
  })

  test('says no, and why, to what an organization does not have', async () => {
    const answers = await checks(
      { ...annEditsWeb, organization_membership_id: gus },
      { ...annEditsWeb, resource_external_id: 'nowhere' },
      { ...annEditsWeb, organization_id: 'org_nowhere' },
      { ...annEditsWeb, organization_id: globex },
    )
    expect(answers.map(({ reason }: { reason: string }) => reason)).toEqual([
      'membership_unknown',
      'resource_unknown',
      'organization_unknown',
      'membership_unknown',
    ])
    expect(authorized(answers)).toEqual([false, false, false, false])
  })

  test.each([
    ['none', 0, 'must not be empty'],
    ['more than a hundred', 101, '100'],
  ])('with %s is refused as a whole', async (_, count, said) => {
    const body = { checks: Array.from({ length: count }, () => annEditsWeb) }
    const { status, json } = await server.call('POST', '/authorization/checks', body)
    expect(status).toBe(422)
    expect(json).toMatchObject({
      code: 'invalid_request_parameters',
      errors: [{ field: 'checks', message: expect.stringContaining(said) }],
    })
  })

  test('with a hundred is answered', async () => {
    const answers = await checks(...Array.from({ length: 100 }, () => annEditsWeb))
    expect(answers).toHaveLength(100)
    expect(new Set(authorized(answers))).toEqual(new Set([true]))
  })

  test('finds the organization by an id that belongs to one', async () => {
    const { organization_id: _, ...placeless } = annEditsWeb
    const answers = await checks(placeless, { ...placeless, organization_membership_id: 'om_nobody' })
    expect(answers).toMatchObject([
      { authorized: true },
      { error: { status: 404, code: 'not_found', reason: 'membership_not_found' } },
    ])
  })
})

describe('how new an answer is', () => {
  const ask = (consistency: string, path: string, body: object) =>
    request(server, { method: 'POST', path, body, headers: { 'bailiwick-consistency': consistency } })
  const batch = { checks: [annEditsWeb] }

  test('is at least as new as the token of a write, and `latest` where that is asked', async () => {
    const { headers } = await server.call('POST', `/authorization/organizations/${acme}/exclusions`, {
      organization_membership_id: bob,
      permission_slug: 'project:view',
    })
    for (const consistency of [String(headers['bailiwick-consistency-token']), 'latest']) {
      const { status, json } = await ask(consistency, '/authorization/checks', batch)
      expect([status, json.data[0].authorized]).toEqual([200, true])
    }
  })

  test('is not made up: a token that is none concerns the whole request', async () => {
    for (const [path, body] of [
      ['/authorization/checks', batch],
      ['/authorization/explain', annEditsWeb],
      ['/authorization/effective_permissions', { organization_id: acme, user_id: 'user_ann' }],
    ] as const) {
      expect(await ask('made-up', path, body)).toMatchObject({
        status: 400,
        json: { reason: 'consistency_token_malformed' },
      })
    }
  })
})

describe('an explanation', () => {
  test('of a denial names every role that would do', async () => {
    const { json } = await server.call('POST', '/authorization/explain', {
      ...annEditsWeb,
      organization_membership_id: bob,
    })
    expect(json).toMatchObject({ authorized: false, reason: 'no_grant', revision: expect.any(Number) })
    expect(json.nearest_misses.map(({ role }: { role: { slug: string } }) => role.slug)).toEqual([
      'editor',
      'workspace-admin',
      'admin',
    ])
  })

  test('of an unknown permission says no, and what was probably meant', async () => {
    const { status, json } = await server.call('POST', '/authorization/explain', {
      ...annEditsWeb,
      permission_slug: 'project:edti',
    })
    expect(status).toBe(200)
    expect(json).toMatchObject({ authorized: false, warnings: [{ code: 'permission_unknown' }] })
  })

  test('is refused to a question that names nobody', async () => {
    const { status } = await server.call('POST', '/authorization/explain', {
      permission_slug: 'project:edit',
    })
    expect(status).toBe(422)
  })
})

function authorized(answers: readonly { readonly authorized: boolean }[]): readonly boolean[] {
  return answers.map((answer) => answer.authorized)
}
