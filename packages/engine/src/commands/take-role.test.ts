import { beforeEach, describe, expect, test } from 'vitest'
import type { EmbeddedEngine } from '../embedded-engine.js'
import { acme, ann, assign, may, openAcme, project, workspace } from '../fixtures/acme.js'

let engine: EmbeddedEngine

beforeEach(async () => {
  engine = (await openAcme()) as EmbeddedEngine
})

const take = (role: string, resource?: ReturnType<typeof project>) =>
  engine.takeRole({ organizationId: acme, subject: ann, role, ...(resource && { resource }) })

describe('taking a role back', () => {
  test('removes the assignment on that resource and no other', async () => {
    await assign(engine, ann, 'project-editor', project('web'))
    await assign(engine, ann, 'project-editor', project('site'))
    await take('project-editor', project('web'))
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('no_grant')
    expect(await may(engine, ann, 'project:edit', project('site'))).toBe('allow')
  })

  test('takes an organization-level role from the membership, and the default role comes back', async () => {
    await engine.setMembershipRoles(acme, ann, ['accountant'])
    expect(await may(engine, ann, 'billing:manage')).toBe('allow')
    await take('accountant')
    expect(await may(engine, ann, 'billing:manage')).toBe('no_grant')
    expect(await engine.findMembership(acme, ann)).toMatchObject({ roles: ['member'] })
  })

  test("takes the membership's own role before an assignment on the organization, unless it would come back", async () => {
    await engine.setMembershipRoles(acme, ann, ['accountant'])
    await assign(engine, ann, 'accountant')
    await assign(engine, ann, 'member')
    await take('accountant')
    expect(await engine.findMembership(acme, ann)).toMatchObject({ roles: ['member'] })
    expect(await may(engine, ann, 'billing:manage')).toBe('allow')
    await take('member')
    expect((await engine.listAssignments(acme, ann)).map(({ role }) => role)).toEqual(['accountant'])
    expect(await engine.findMembership(acme, ann)).toMatchObject({ roles: ['member'] })
    await take('accountant')
    expect(await may(engine, ann, 'billing:manage')).toBe('no_grant')
  })

  test('is refused when only a group gives it, and says which', async () => {
    const { value: group } = await engine.createGroup({ organizationId: acme, name: 'Crew' })
    await engine.addGroupMember(acme, group.id, ann)
    await assign(engine, { groupId: group.id }, 'project-editor', project('web'))
    await expect(take('project-editor', project('web'))).rejects.toMatchObject({
      code: 'held_through_group',
      through: group.id,
    })
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('allow')
  })

  test('is refused when the identity provider gives it, and says by which mapping', async () => {
    const { value: mapping } = await engine.createDirectoryMapping({
      organizationId: acme,
      directoryGroup: 'Web team',
      role: 'project-editor',
      resource: project('web'),
    })
    await engine.syncDirectoryGroups(acme, ann, ['Web team'])
    await expect(take('project-editor', project('web'))).rejects.toMatchObject({ through: mapping.id })
    await expect(take('project-editor', project('site'))).rejects.toMatchObject({
      code: 'assignment_not_found',
    })
    const other = { organizationId: acme, name: 'Owner', slug: 'org-owner', on: 'project' }
    await engine.createOrganizationRole(other)
    await expect(take('org-owner', project('web'))).rejects.toMatchObject({ code: 'assignment_not_found' })
  })

  test('leaves what else was chosen after a sign-in, and gives way to the sign-in with the last', async () => {
    await engine.createDirectoryMapping({ organizationId: acme, directoryGroup: 'Staff', role: 'member' })
    await engine.syncDirectoryGroups(acme, ann, ['Staff'])
    await engine.setMembershipRoles(acme, ann, ['accountant', 'editor'])
    await take('editor')
    expect(await may(engine, ann, 'billing:manage')).toBe('allow')
    expect(await may(engine, ann, 'project:view')).toBe('no_grant')
    await engine.createDirectoryMapping({ organizationId: acme, directoryGroup: 'Staff', role: 'editor' })
    await take('accountant')
    expect(await may(engine, ann, 'billing:manage')).toBe('no_grant')
    expect(await may(engine, ann, 'project:edit')).toBe('allow')
  })

  test('leaves a default role that is the last, for it comes back at once', async () => {
    await engine.setMembershipRoles(acme, ann, ['member'])
    await take('member')
    expect(await may(engine, ann, 'project:view')).toBe('allow')
  })

  test('of the organization is not done by naming a resource below it', async () => {
    await engine.setMembershipRoles(acme, ann, ['accountant'])
    await expect(take('accountant', project('web'))).rejects.toMatchObject({ code: 'assignment_not_found' })
    expect(await may(engine, ann, 'billing:manage')).toBe('allow')
  })

  test('is refused when it is not held, or held elsewhere', async () => {
    await assign(engine, ann, 'project-editor', project('web'))
    await expect(take('project-editor', project('site'))).rejects.toMatchObject({
      code: 'assignment_not_found',
    })
    await expect(take('accountant')).rejects.toMatchObject({ code: 'assignment_not_found' })
    await expect(take('nonsense')).rejects.toMatchObject({ code: 'role_unknown' })
  })
})

describe('creating an assignment', () => {
  test('is refused where assigning again yields the one that is there', async () => {
    const input = { organizationId: acme, subject: ann, role: 'project-editor', resource: project('web') }
    const { value } = await engine.createAssignment(input)
    await expect(engine.createAssignment(input)).rejects.toMatchObject({ code: 'assignment_exists' })
    expect((await engine.assignRole(input)).value).toEqual(value)
  })
})

describe('updating a resource', () => {
  test('renames and moves in one go', async () => {
    const { value } = await engine.updateResource(acme, project('web'), {
      name: 'Web site',
      parent: workspace('ops'),
    })
    expect(value).toMatchObject({ name: 'Web site', externalId: 'web' })
    expect(await engine.findResource(acme, project('web'))).toEqual(value)
    await assign(engine, ann, 'workspace-admin', workspace('ops'))
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('allow')
  })

  test('changes nothing when nothing is to be changed', async () => {
    const before = await engine.findResource(acme, project('web'))
    expect((await engine.updateResource(acme, project('web'), {})).value).toEqual(before)
    expect(await engine.findResource(acme, project('web'))).toEqual(before)
  })

  test('of a type that the model does not have says so, and one that is not there is not found', async () => {
    const update = (type: string) =>
      engine.updateResource(acme, { type, externalId: 'none' }, { name: 'Web' })
    await expect(update('projekt')).rejects.toMatchObject({ code: 'resource_type_unknown' })
    await expect(update('project')).rejects.toMatchObject({ code: 'resource_not_found' })
  })

  test('does neither when the move is refused', async () => {
    const wrong = { name: 'Web site', parent: project('site') }
    await expect(engine.updateResource(acme, project('web'), wrong)).rejects.toMatchObject({
      code: 'parent_type_not_allowed',
    })
    expect(await engine.findResource(acme, project('web'))).toMatchObject({ name: 'web' })
  })
})
