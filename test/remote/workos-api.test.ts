import { type RemoteEngine, remoteEngine } from '@bailiwick/client'
import { defineModel, type Membership, type Organization } from '@bailiwick/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type StartedServer, startServer } from '../server/start-server.js'

const model = defineModel({
  resourceTypes: { project: { parents: ['organization'] } },
  permissions: { 'project:view': 'project', 'project:edit': 'project', 'project:list': 'organization' },
  roles: {
    member: { on: 'organization', permissions: ['project:list'] },
    editor: { on: 'project', permissions: ['project:view', 'project:edit'] },
  },
  defaultRole: 'member',
})

// Our server speaks WorkOS's API, so that what holds here holds there as far as the contract is known.
describe('a remote engine over the API of WorkOS', () => {
  let server: StartedServer
  let engine: RemoteEngine
  let acme: Organization
  let ada: Membership

  const web = { type: 'project', externalId: 'web' }

  beforeEach(async () => {
    server = await startServer({ model })
    engine = await remoteEngine({
      url: server.url,
      apiKey: server.apiKey,
      model,
      api: 'workos',
      deadlineMs: 60_000,
    })
    acme = (await engine.createOrganization({ name: 'Acme' })).value
    ada = (await engine.createMembership({ organizationId: acme.id, userId: 'user_ada' })).value
    await engine.createResource({ organizationId: acme.id, ...web, name: 'Web' })
  })
  afterEach(async () => {
    await engine.close()
    await server.close()
  })

  const adaOn = (permission: string, resource?: { type: string; externalId: string }) => ({
    organizationId: acme.id,
    subject: { membershipId: ada.id },
    permission,
    ...(resource && { resource }),
  })
  const editor = () => ({
    organizationId: acme.id,
    subject: { membershipId: ada.id },
    role: 'editor',
    resource: web,
  })

  test('denies without a role, allows with it, and cannot say why', async () => {
    expect(await engine.check(adaOn('project:edit', web))).toMatchObject({ kind: 'deny', reason: 'no_grant' })
    await engine.assignRole(editor())
    expect(await engine.check(adaOn('project:edit', web))).toEqual({
      kind: 'allow',
      grants: [{ from: 'service', organizationId: acme.id, permission: 'project:edit' }],
    })
  })

  test('asks about the whole organization by its root', async () => {
    expect((await engine.check(adaOn('project:list'))).kind).toBe('allow')
    expect((await engine.check(adaOn('project:edit'))).kind).toBe('deny')
  })

  test('asks for a user by her membership', async () => {
    await engine.assignRole(editor())
    const of = (userId: string) => ({ ...adaOn('project:view', web), subject: { userId } })
    expect((await engine.check(of('user_ada'))).kind).toBe('allow')
    expect(await engine.check(of('user_eve'))).toMatchObject({ kind: 'deny', reason: 'membership_unknown' })
  })

  test('denies a membership in another organization, which WorkOS alone would allow in its own', async () => {
    await engine.assignRole(editor())
    const globex = (await engine.createOrganization({ name: 'Globex' })).value
    const elsewhere = { ...adaOn('project:view', web), organizationId: globex.id }
    expect(await engine.check(elsewhere)).toMatchObject({ kind: 'deny', reason: 'membership_unknown' })
    expect((await engine.check(adaOn('project:view', web))).kind).toBe('allow')
  })

  test('denies what is not there, and refuses a permission that the model does not have', async () => {
    const nothing = { type: 'project', externalId: 'nothing' }
    expect(await engine.check(adaOn('project:view', nothing))).toMatchObject({
      kind: 'deny',
      reason: 'resource_unknown',
    })
    await expect(engine.check(adaOn('project:veiw', web))).rejects.toMatchObject({
      code: 'permission_unknown',
      nearest: 'project:view',
    })
  })

  test('gives a role to a group once, and knows it the second time', async () => {
    const { value: group } = await engine.createGroup({ organizationId: acme.id, name: 'Engineering' })
    await engine.addGroupMember(acme.id, group.id, { membershipId: ada.id })
    const toGroup = { ...editor(), subject: { groupId: group.id } }
    const first = await engine.assignRole(toGroup)
    expect((await engine.assignRole(toGroup)).value).toEqual(first.value)
    expect(await engine.listAssignments(acme.id, { groupId: group.id })).toEqual([first.value])
    expect((await engine.check(adaOn('project:edit', web))).kind).toBe('allow')
    expect(await engine.listAssignments(acme.id, { membershipId: ada.id })).toEqual([])
  })

  test('says what she may, and that nothing is excluded', async () => {
    await engine.assignRole(editor())
    expect(
      await engine.effectivePermissions({
        organizationId: acme.id,
        subject: { membershipId: ada.id },
        resource: web,
      }),
    ).toEqual(['project:edit', 'project:list', 'project:view'])
    expect(await engine.hasResource(acme.id, web)).toBe(true)
    expect(await engine.isExcludedSomewhere(acme.id, 'project:edit')).toBe(false)
  })

  test('makes a role with its permissions, in as many requests as WorkOS needs', async () => {
    const { value } = await engine.createOrganizationRole({
      organizationId: acme.id,
      name: 'Viewer',
      slug: 'org-viewer',
      on: 'project',
      permissions: ['project:view'],
    })
    expect(value.permissions).toEqual(['project:view'])
    const more = { permissions: { add: ['project:edit'] } }
    expect((await engine.updateOrganizationRole(acme.id, 'org-viewer', more)).value.permissions).toEqual([
      'project:edit',
      'project:view',
    ])
  })

  test('makes a member inactive, who then may nothing', async () => {
    await engine.assignRole(editor())
    await engine.setMembershipStatus(acme.id, { membershipId: ada.id }, 'inactive')
    expect((await engine.check(adaOn('project:view', web))).kind).toBe('deny')
    await engine.setMembershipStatus(acme.id, { membershipId: ada.id }, 'active')
    expect((await engine.check(adaOn('project:view', web))).kind).toBe('allow')
  })

  const missing: readonly (readonly [string, string, () => Promise<unknown>])[] = [
    ['checkMany', 'batch', () => engine.checkMany([adaOn('project:view', web)])],
    ['explain', 'explain', () => engine.explain(adaOn('project:view', web))],
    ['scope', 'search', () => engine.scope({ ...adaOn('project:view'), type: 'project' })],
    ['listResources', 'search', () => engine.listResources({ ...adaOn('project:view'), type: 'project' })],
    ['createExclusion', 'exclusions', () => engine.createExclusion(adaOn('project:view'))],
    ['an agent', 'agents', () => engine.check({ ...adaOn('project:view', web), subject: { agent: web } })],
    [
      'acting for somebody',
      'agents',
      () => engine.check({ ...adaOn('project:view', web), onBehalfOf: [{ userId: 'user_ada' }] }),
    ],
    [
      'a chosen id',
      'chosenIds',
      () => engine.createOrganization({ name: 'Globex', id: 'org_globex' as never }),
    ],
  ]

  test.each(missing)('says of %s that `%s` is missing', async (_, capability, ask) => {
    expect(engine.capabilities[capability as keyof typeof engine.capabilities]).toBe(false)
    await expect(ask()).rejects.toMatchObject({ code: 'capability_missing', capability })
  })

  test('needs the model, which WorkOS cannot tell', async () => {
    const { url, apiKey } = server
    await expect(remoteEngine({ url, apiKey, api: 'workos' })).rejects.toMatchObject({
      code: 'misconfigured',
    })
  })
})
