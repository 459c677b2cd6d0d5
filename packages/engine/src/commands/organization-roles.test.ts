import { type AuthorizationEngine, compileModel, type NewOrganizationRole } from '@bailiwick/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { acme, ann, assign, bob, definition, may, openAcme, project, workspace } from '../fixtures/acme.js'

let engine: AuthorizationEngine

beforeEach(async () => {
  engine = await openAcme()
})

async function createRole(role: Omit<NewOrganizationRole, 'organizationId' | 'name'>) {
  return (await engine.createOrganizationRole({ organizationId: acme, name: 'Reviewer', ...role })).value
}

async function rolesOfNewcomer(userId: string): Promise<readonly string[]> {
  return (await engine.createMembership({ organizationId: acme, userId })).value.roles
}

describe("an organization's own role", () => {
  test('is held like any other, on a resource of its own type', async () => {
    const role = await createRole({
      slug: 'org-lead',
      on: 'workspace',
      permissions: ['project:edit', 'project:view'],
    })
    expect(role).toMatchObject({
      slug: 'org-lead',
      on: 'workspace',
      permissions: ['project:edit', 'project:view'],
    })
    await assign(engine, ann, 'org-lead', workspace('eng'))
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('allow')
    expect(await may(engine, ann, 'project:edit', project('site'))).toBe('no_grant')
    await expect(assign(engine, ann, 'org-lead', project('web'))).rejects.toMatchObject({
      code: 'role_type_mismatch',
    })
  })

  test('exists in its organization only', async () => {
    await createRole({ slug: 'org-lead' })
    const { value: globex } = await engine.createOrganization({ name: 'Globex' })
    await engine.createMembership({ organizationId: globex.id, userId: 'gil', roles: [] })
    await expect(engine.setMembershipRoles(globex.id, { userId: 'gil' }, ['org-lead'])).rejects.toMatchObject(
      { code: 'role_unknown' },
    )
    expect(await engine.listOrganizationRoles(globex.id)).toEqual([])
    expect(await engine.listOrganizationRoles(acme)).toHaveLength(1)
  })

  test('changes its permissions for everybody who has it, at once', async () => {
    const role = await createRole({ slug: 'org-clerk', permissions: ['billing:manage'] })
    await engine.setMembershipRoles(acme, ann, ['org-clerk'])
    await assign(engine, bob, 'org-clerk')
    const { value } = await engine.updateOrganizationRole(acme, 'org-clerk', {
      name: 'Clerk',
      permissions: ['project:view'],
    })
    expect(value).toMatchObject({ id: role.id, name: 'Clerk', permissions: ['project:view'] })
    expect(await engine.listOrganizationRoles(acme)).toEqual([value])
    for (const subject of [ann, bob]) {
      expect(await may(engine, subject, 'billing:manage')).toBe('no_grant')
      expect(await may(engine, subject, 'project:view', project('web'))).toBe('allow')
    }
  })

  test('keeps its permissions when only its name changes', async () => {
    await createRole({ slug: 'org-clerk', permissions: ['billing:manage'] })
    await engine.setMembershipRoles(acme, ann, ['org-clerk'])
    await engine.updateOrganizationRole(acme, 'org-clerk', { description: 'counts beans' })
    expect(await may(engine, ann, 'billing:manage')).toBe('allow')
  })

  test('gets a slug from its name and a random ending when it is given none', async () => {
    const names = ['Über-Reviewer (EU)', '審査員', 'x'.repeat(200)]
    const slugs: string[] = []
    for (const name of names)
      slugs.push((await engine.createOrganizationRole({ organizationId: acme, name })).value.slug)
    expect(slugs[0]).toMatch(/^org-uber-reviewer-eu-[0-9a-z]{8}$/)
    expect(slugs[1]).toMatch(/^org-[0-9a-z]{8}$/)
    expect(slugs[2]).toMatch(/^org-x{35}-[0-9a-z]{8}$/)
    const again = await engine.createOrganizationRole({ organizationId: acme, name: 'Über-Reviewer (EU)' })
    expect(slugs).not.toContain(again.value.slug)
  })

  test.each([
    ['a slug without the prefix', { slug: 'lead' }, 'input_invalid'],
    ['the prefix alone', { slug: 'org-' }, 'input_invalid'],
    ['a slug of 49 characters', { slug: `org-${'x'.repeat(45)}` }, 'input_invalid'],
    ['an unknown type', { on: 'planet' }, 'resource_type_unknown'],
    ['an unknown permission', { permissions: ['project:edlt'] }, 'permission_unknown'],
    ['a permission of a type above', { on: 'project', permissions: ['workspace:manage'] }, 'input_invalid'],
    ['a permission of a type beside', { on: 'bot', permissions: ['project:view'] }, 'input_invalid'],
  ])('is refused with %s', async (_what, role, code) => {
    await expect(createRole(role)).rejects.toMatchObject({ code })
    expect(await engine.listOrganizationRoles(acme)).toEqual([])
  })

  test('has a slug of its own, and is found by it alone', async () => {
    await createRole({ slug: 'org-lead' })
    await expect(createRole({ slug: 'org-lead' })).rejects.toMatchObject({ code: 'role_exists' })
    await expect(engine.updateOrganizationRole(acme, 'org-laed', {})).rejects.toMatchObject({
      code: 'role_not_found',
    })
    await expect(engine.deleteOrganizationRole(acme, 'member')).rejects.toMatchObject({
      code: 'role_not_found',
    })
    await expect(assign(engine, ann, 'org-laed')).rejects.toMatchObject({
      code: 'role_unknown',
      nearest: 'org-lead',
    })
  })
})

describe("deleting an organization's own role", () => {
  test('is refused while something depends on it, and says what', async () => {
    await createRole({ slug: 'org-lead', permissions: ['project:edit'] })
    const { value: group } = await engine.createGroup({ organizationId: acme, name: 'Leads' })
    await engine.setMembershipRoles(acme, ann, ['org-lead', 'member'])
    await engine.setMembershipRoles(acme, bob, ['org-lead'])
    const given = await assign(engine, { groupId: group.id }, 'org-lead')
    const mapping = await engine.createDirectoryMapping({
      organizationId: acme,
      directoryGroup: 'Leads',
      role: 'org-lead',
    })
    await engine.setRoleOrder(acme, { defaultRole: 'org-lead' })
    const refused = engine.deleteOrganizationRole(acme, 'org-lead')
    await expect(refused).rejects.toMatchObject({
      code: 'role_in_use',
      dependents: { memberships: 2, assignments: 1, mappings: 1, isDefault: true },
    })
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('allow')

    await engine.setMembershipRoles(acme, ann, [])
    await engine.setMembershipRoles(acme, bob, [])
    await engine.removeAssignment(acme, given.id)
    await engine.deleteDirectoryMapping(acme, mapping.value.id)
    await expect(engine.deleteOrganizationRole(acme, 'org-lead')).rejects.toMatchObject({
      dependents: { memberships: 0, assignments: 0, mappings: 0, isDefault: true },
    })
    await engine.setRoleOrder(acme, { defaultRole: null })
    await engine.deleteOrganizationRole(acme, 'org-lead')
    expect(await engine.listOrganizationRoles(acme)).toEqual([])
  })

  test('counts assignments on resources of its type', async () => {
    await createRole({ slug: 'org-lead', on: 'project' })
    await assign(engine, ann, 'org-lead', project('web'))
    await assign(engine, bob, 'org-lead', project('site'))
    await assign(engine, bob, 'project-editor', project('site'))
    await expect(engine.deleteOrganizationRole(acme, 'org-lead')).rejects.toMatchObject({
      dependents: { memberships: 0, assignments: 2, mappings: 0, isDefault: false },
    })
  })

  test('counts a mapping, though nobody is in its group', async () => {
    await engine.createOrganizationRole({ organizationId: acme, name: 'Lead', slug: 'org-lead' })
    const input = { organizationId: acme, directoryGroup: 'Leads', role: 'org-lead' }
    const { value } = await engine.createDirectoryMapping(input)
    await expect(engine.deleteOrganizationRole(acme, 'org-lead')).rejects.toMatchObject({
      dependents: { memberships: 0, assignments: 0, mappings: 1, isDefault: false },
    })
    await engine.deleteDirectoryMapping(acme, value.id)
    await engine.deleteOrganizationRole(acme, 'org-lead')
  })

  test('counts memberships whose role sleeps under what the identity provider says', async () => {
    await createRole({ slug: 'org-lead' })
    await engine.createDirectoryMapping({ organizationId: acme, directoryGroup: 'Staff', role: 'editor' })
    await engine.setMembershipRoles(acme, ann, ['org-lead'])
    await engine.syncDirectoryGroups(acme, ann, ['Staff'])
    await expect(engine.deleteOrganizationRole(acme, 'org-lead')).rejects.toMatchObject({
      dependents: { memberships: 1 },
    })
  })
})

describe('the default role', () => {
  test("is the model's, until the organization has a role of its own and chooses another", async () => {
    expect(await rolesOfNewcomer('one')).toEqual(['member'])
    await expect(engine.setRoleOrder(acme, { defaultRole: 'editor' })).rejects.toMatchObject({
      code: 'no_organization_roles',
    })
    await createRole({ slug: 'org-guest' })
    expect(await rolesOfNewcomer('two')).toEqual(['member'])
    await engine.setRoleOrder(acme, { defaultRole: 'org-guest' })
    expect(await rolesOfNewcomer('three')).toEqual(['org-guest'])
    await engine.setRoleOrder(acme, { defaultRole: null })
    expect(await rolesOfNewcomer('four')).toEqual([])
  })

  test("is the model's again when the organization's last own role goes", async () => {
    await createRole({ slug: 'org-guest' })
    await engine.setRoleOrder(acme, { defaultRole: 'editor' })
    expect(await rolesOfNewcomer('one')).toEqual(['editor'])
    await engine.deleteOrganizationRole(acme, 'org-guest')
    expect(await rolesOfNewcomer('two')).toEqual(['member'])
  })

  test('must be a role on the organization', async () => {
    await createRole({ slug: 'org-lead', on: 'project' })
    await expect(engine.setRoleOrder(acme, { defaultRole: 'org-lead' })).rejects.toMatchObject({
      code: 'role_type_mismatch',
    })
    await expect(engine.setRoleOrder(acme, { priority: ['project-editor'] })).rejects.toMatchObject({
      code: 'role_type_mismatch',
    })
  })
})

describe('where one organization-level role counts at a time', () => {
  beforeEach(async () => {
    const rolePriority = ['accountant', 'editor', 'member']
    engine = await openAcme({ model: compileModel({ ...definition, roleMode: 'single', rolePriority }) })
  })

  test('more than one is not given', async () => {
    await expect(engine.setMembershipRoles(acme, ann, ['member', 'editor'])).rejects.toMatchObject({
      code: 'multiple_roles_not_enabled',
    })
    const roles = ['member', 'editor']
    await expect(
      engine.createMembership({ organizationId: acme, userId: 'eve', roles }),
    ).rejects.toMatchObject({ code: 'multiple_roles_not_enabled' })
    await engine.setMembershipRoles(acme, ann, ['editor', 'editor'])
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('allow')
  })

  test('the one of highest priority counts, whoever gave it, and the own role again when it goes', async () => {
    await engine.setMembershipRoles(acme, ann, ['editor'])
    const { value: group } = await engine.createGroup({ organizationId: acme, name: 'Books' })
    await engine.addGroupMember(acme, group.id, ann)
    const given = await assign(engine, { groupId: group.id }, 'accountant')
    expect(await may(engine, ann, 'billing:manage')).toBe('allow')
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('no_grant')
    await engine.removeAssignment(acme, given.id)
    expect(await may(engine, ann, 'billing:manage')).toBe('no_grant')
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('allow')
  })

  test('a role on a resource always counts beside it', async () => {
    await engine.setMembershipRoles(acme, ann, ['accountant'])
    await assign(engine, ann, 'project-editor', project('web'))
    expect(await may(engine, ann, 'billing:manage')).toBe('allow')
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('allow')
  })

  test("an organization's own order decides, a new role being last until it is moved", async () => {
    await createRole({ slug: 'org-chief', permissions: ['project:edit', 'billing:manage'] })
    await engine.setMembershipRoles(acme, ann, ['member'])
    await assign(engine, ann, 'org-chief')
    expect(await may(engine, ann, 'billing:manage')).toBe('no_grant')
    await engine.setRoleOrder(acme, { priority: ['org-chief'] })
    expect(await may(engine, ann, 'billing:manage')).toBe('allow')
    await engine.setRoleOrder(acme, { priority: ['accountant', 'member'] })
    expect(await may(engine, ann, 'billing:manage')).toBe('no_grant')
  })
})
