import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Acme, startAcme } from './acme.js'
import { expectRefusal, invalid, notFound } from './refusal.js'
import { sdks } from './sdks.js'

describe.each(sdks)('environment roles, SDK $version', (sdk) => {
  let acme: Acme
  beforeEach(async () => {
    acme = await startAcme(sdk)
  })
  afterEach(() => acme.close())

  test('are created without permissions, for the organization unless a type is named', async () => {
    const { authorization } = acme.workos
    const role = await authorization.createEnvironmentRole({
      slug: 'project-owner',
      name: 'Owner',
      description: 'Of one project',
      resourceTypeSlug: 'project',
    })
    expect(role).toEqual({
      object: 'role',
      id: expect.stringMatching(/^role_[0-9A-Z]{26}$/),
      slug: 'project-owner',
      name: 'Owner',
      description: 'Of one project',
      type: 'EnvironmentRole',
      resourceTypeSlug: 'project',
      permissions: [],
      createdAt: expect.any(String),
      updatedAt: role.createdAt,
    })
    expect(await authorization.getEnvironmentRole('project-owner')).toEqual(role)
    const billing = await authorization.createEnvironmentRole({ slug: 'billing', name: 'Billing' })
    expect(billing).toMatchObject({ resourceTypeSlug: 'organization', description: null })
  })

  test('are listed in the order of priority, a new one last of its level', async () => {
    const { authorization } = acme.workos
    await authorization.createEnvironmentRole({ slug: 'billing', name: 'Billing' })
    const { object, data } = await authorization.listEnvironmentRoles()
    expect(object).toBe('list')
    expect(data.map(({ slug }) => slug).slice(0, 3)).toEqual(['admin', 'member', 'billing'])
  })

  test('are renamed, and lose their description by null', async () => {
    const { authorization } = acme.workos
    const renamed = await authorization.updateEnvironmentRole('admin', {
      name: 'Boss',
      description: 'Of all',
    })
    expect(renamed).toMatchObject({ slug: 'admin', name: 'Boss', description: 'Of all' })
    expect(await authorization.updateEnvironmentRole('admin', { description: null })).toMatchObject({
      name: 'Boss',
      description: null,
    })
  })

  test('have the permissions that are set, and one more that is added twice', async () => {
    const { authorization } = acme.workos
    const set = await authorization.setEnvironmentRolePermissions('project-editor', {
      permissions: ['project:view'],
    })
    expect(set.permissions).toEqual(['project:view'])
    for (const _ of [1, 2]) {
      const added = await authorization.addEnvironmentRolePermission('project-editor', {
        permissionSlug: 'document:view',
      })
      expect(added.permissions).toEqual(['document:view', 'project:view'])
    }
    const cleared = await authorization.setEnvironmentRolePermissions('project-editor', { permissions: [] })
    expect(cleared.permissions).toEqual([])
  })

  test('decide by their permissions of now, in every organization', async () => {
    const { authorization } = acme.workos
    const project = await acme.place('project', 'web', await acme.place('workspace', 'eng'))
    const ann = await acme.join('user_ann')
    const asks = { organizationMembershipId: ann, permissionSlug: 'project:view', resourceId: project }
    expect(await authorization.check(asks)).toEqual({ authorized: false })
    await authorization.addEnvironmentRolePermission('member', { permissionSlug: 'project:view' })
    expect(await authorization.check(asks)).toEqual({ authorized: true })
    await authorization.setEnvironmentRolePermissions('member', { permissions: [] })
    expect(await authorization.check(asks)).toEqual({ authorized: false })
  })

  test('are refused under a slug that is taken, or is none', async () => {
    const { authorization } = acme.workos
    const taken = authorization.createEnvironmentRole({ slug: 'admin', name: 'Admin' })
    await expectRefusal(sdk, taken, { status: 409, code: 'role_slug_conflict' })
    await expectRefusal(sdk, authorization.createEnvironmentRole({ slug: 'Admin!', name: 'Admin' }), invalid)
    await expectRefusal(sdk, authorization.createEnvironmentRole({ slug: 'x', name: '' }), invalid)
  })

  test('take no permission of a type above their own, and none that does not exist', async () => {
    const { authorization } = acme.workos
    const above = { permissions: ['workspace:manage'] }
    await expectRefusal(sdk, authorization.setEnvironmentRolePermissions('project-editor', above), invalid)
    const unknown = { permissionSlug: 'project:vieww' }
    await expectRefusal(sdk, authorization.addEnvironmentRolePermission('project-editor', unknown), invalid)
    expect((await authorization.getEnvironmentRole('project-editor')).permissions).toEqual([
      'document:view',
      'project:edit',
      'project:view',
    ])
  })

  test('that do not exist cannot be got, changed or given permissions', async () => {
    const { authorization } = acme.workos
    await expectRefusal(sdk, authorization.getEnvironmentRole('nope'), notFound)
    await expectRefusal(sdk, authorization.updateEnvironmentRole('nope', { name: 'x' }), notFound)
    const none = { permissions: [] }
    await expectRefusal(sdk, authorization.setEnvironmentRolePermissions('nope', none), notFound)
    const one = { permissionSlug: 'project:view' }
    await expectRefusal(sdk, authorization.addEnvironmentRolePermission('nope', one), notFound)
  })
})
