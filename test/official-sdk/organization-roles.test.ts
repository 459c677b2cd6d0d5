import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Acme, nobody, startAcme } from './acme.js'
import { expectRefusal, invalid, notFound } from './refusal.js'
import { sdks } from './sdks.js'

describe.each(sdks)('organization roles, SDK $version', (sdk) => {
  let acme: Acme
  beforeEach(async () => {
    acme = await startAcme(sdk)
  })
  afterEach(() => acme.close())

  test('are created for any type of resource', async () => {
    const { authorization } = acme.workos
    const role = await authorization.createOrganizationRole(acme.organizationId, {
      slug: 'org-reviewer',
      name: 'Reviewer',
      description: 'Looks',
      resourceTypeSlug: 'project',
    })
    expect(role).toEqual({
      object: 'role',
      id: expect.stringMatching(/^role_/),
      slug: 'org-reviewer',
      name: 'Reviewer',
      description: 'Looks',
      type: 'OrganizationRole',
      resourceTypeSlug: 'project',
      permissions: [],
      createdAt: expect.any(String),
      updatedAt: role.createdAt,
    })
    expect(await authorization.getOrganizationRole(acme.organizationId, 'org-reviewer')).toEqual(role)
  })

  test('get a slug from their name when none is given', async () => {
    const options = { name: 'Night Shift' } as Parameters<
      typeof acme.workos.authorization.createOrganizationRole
    >[1]
    const role = await acme.workos.authorization.createOrganizationRole(acme.organizationId, options)
    expect(role.slug).toMatch(/^org-night-shift-/)
    expect(role.resourceTypeSlug).toBe('organization')
  })

  test('are listed with the shared ones, in the order of priority', async () => {
    const { authorization } = acme.workos
    await authorization.createOrganizationRole(acme.organizationId, { slug: 'org-x', name: 'X' })
    const { data } = await authorization.listOrganizationRoles(acme.organizationId)
    expect(data.map(({ slug, type }) => [slug, type])).toEqual([
      ['admin', 'EnvironmentRole'],
      ['member', 'EnvironmentRole'],
      ['org-x', 'OrganizationRole'],
      ['workspace-admin', 'EnvironmentRole'],
      ['workspace-viewer', 'EnvironmentRole'],
      ['project-editor', 'EnvironmentRole'],
    ])
    const shared = await authorization.getOrganizationRole(acme.organizationId, 'admin')
    expect(shared).toMatchObject({ slug: 'admin', type: 'EnvironmentRole' })
  })

  test('belong to one organization: another neither lists nor finds them', async () => {
    const { authorization } = acme.workos
    await authorization.createOrganizationRole(acme.organizationId, { slug: 'org-x', name: 'X' })
    const { value: other } = await acme.engine.createOrganization({ name: 'Beta' })
    const { data } = await authorization.listOrganizationRoles(other.id)
    expect(data.map(({ slug }) => slug)).not.toContain('org-x')
    await expectRefusal(sdk, authorization.getOrganizationRole(other.id, 'org-x'), notFound)
  })

  test('are renamed, given permissions, one more, and one less', async () => {
    const { authorization } = acme.workos
    const id = acme.organizationId
    await authorization.createOrganizationRole(id, { slug: 'org-x', name: 'X', description: 'd' })
    expect(await authorization.updateOrganizationRole(id, 'org-x', { name: 'Y' })).toMatchObject({
      name: 'Y',
      description: 'd',
    })
    expect(await authorization.updateOrganizationRole(id, 'org-x', { description: null })).toMatchObject({
      description: null,
    })
    const set = await authorization.setOrganizationRolePermissions(id, 'org-x', {
      permissions: ['project:view', 'billing:manage'],
    })
    expect(set.permissions).toEqual(['billing:manage', 'project:view'])
    const added = await authorization.addOrganizationRolePermission(id, 'org-x', {
      permissionSlug: 'project:edit',
    })
    expect(added.permissions).toEqual(['billing:manage', 'project:edit', 'project:view'])
    await authorization.removeOrganizationRolePermission(id, 'org-x', { permissionSlug: 'billing:manage' })
    expect((await authorization.getOrganizationRole(id, 'org-x')).permissions).toEqual([
      'project:edit',
      'project:view',
    ])
  })

  test('go when nobody holds them, and stay while somebody does', async () => {
    const { authorization } = acme.workos
    const id = acme.organizationId
    await authorization.createOrganizationRole(id, { slug: 'org-x', name: 'X' })
    const ann = await acme.join('user_ann', ['org-x'])
    await expectRefusal(sdk, authorization.deleteOrganizationRole(id, 'org-x'), {
      status: 409,
      code: 'role_has_assignments',
    })
    await acme.engine.setMembershipRoles(id, { membershipId: ann }, ['member'])
    await authorization.deleteOrganizationRole(id, 'org-x')
    await expectRefusal(sdk, authorization.getOrganizationRole(id, 'org-x'), notFound)
  })

  test('stay while a group of the identity provider is mapped to them', async () => {
    const { authorization } = acme.workos
    const organizationId = acme.organizationId
    await authorization.createOrganizationRole(organizationId, { slug: 'org-x', name: 'X' })
    await acme.engine.createDirectoryMapping({ organizationId, directoryGroup: 'Staff', role: 'org-x' })
    await expectRefusal(sdk, authorization.deleteOrganizationRole(organizationId, 'org-x'), {
      status: 409,
      code: 'role_has_group_role_mappings',
    })
  })

  test('are refused under a slug that is taken, or that does not begin with org-', async () => {
    const { authorization } = acme.workos
    const id = acme.organizationId
    await authorization.createOrganizationRole(id, { slug: 'org-x', name: 'X' })
    await expectRefusal(sdk, authorization.createOrganizationRole(id, { slug: 'org-x', name: 'X' }), {
      status: 409,
      code: 'organization_role_slug_conflict',
    })
    await expectRefusal(sdk, authorization.createOrganizationRole(id, { slug: 'x', name: 'X' }), invalid)
    const above = { permissions: ['nope:nope'] }
    await expectRefusal(sdk, authorization.setOrganizationRolePermissions(id, 'org-x', above), invalid)
  })

  test('that do not exist cannot be touched, and neither can shared ones', async () => {
    const { authorization } = acme.workos
    for (const [id, slug] of [
      [acme.organizationId, 'org-nope'],
      [acme.organizationId, 'admin'],
      [nobody.organization, 'org-x'],
    ] as const) {
      await expectRefusal(sdk, authorization.updateOrganizationRole(id, slug, { name: 'x' }), notFound)
      await expectRefusal(sdk, authorization.deleteOrganizationRole(id, slug), notFound)
      const none = { permissions: [] }
      await expectRefusal(sdk, authorization.setOrganizationRolePermissions(id, slug, none), notFound)
      const one = { permissionSlug: 'project:view' }
      await expectRefusal(sdk, authorization.addOrganizationRolePermission(id, slug, one), notFound)
      await expectRefusal(sdk, authorization.removeOrganizationRolePermission(id, slug, one), notFound)
    }
    await expectRefusal(sdk, authorization.listOrganizationRoles(nobody.organization), notFound)
    await expectRefusal(
      sdk,
      authorization.createOrganizationRole(nobody.organization, { slug: 'org-x', name: 'X' }),
      notFound,
    )
  })
})
