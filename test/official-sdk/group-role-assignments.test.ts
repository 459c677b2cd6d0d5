import type { GroupId, MembershipId, ResourceId } from '@bailiwick/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Acme, nobody, startAcme } from './acme.js'
import { expectRefusal, notFound } from './refusal.js'
import { sdksWith } from './sdks.js'

const releases = sdksWith(
  'authorization.createGroupRoleAssignment',
  'authorization.getGroupRoleAssignment',
  'authorization.listGroupRoleAssignments',
  'authorization.removeGroupRoleAssignment',
  'authorization.removeGroupRoleAssignments',
  'authorization.replaceGroupRoleAssignments',
)

describe.each(releases)('group role assignments, SDK $version', (sdk) => {
  let acme: Acme
  let ann: MembershipId
  let groupId: GroupId
  let eng: ResourceId
  let web: ResourceId
  beforeEach(async () => {
    acme = await startAcme(sdk)
    eng = await acme.place('workspace', 'eng')
    web = await acme.place('project', 'web', eng)
    ann = await acme.join('user_ann')
    groupId = await acme.crew('Crew', ann)
  })
  afterEach(() => acme.close())

  const give = (roleSlug: string, resourceId: string) =>
    acme.workos.authorization.createGroupRoleAssignment({ groupId, roleSlug, resourceId })
  const annMayEdit = async () => {
    const asks = { organizationMembershipId: ann, permissionSlug: 'project:edit', resourceId: web }
    return (await acme.workos.authorization.check(asks)).authorized
  }
  const rolesHeld = async () =>
    (await acme.workos.authorization.listGroupRoleAssignments({ groupId })).data
      .map(({ role }) => role.slug)
      .sort()

  test('are given on a resource, and every member has them at once', async () => {
    expect(await annMayEdit()).toBe(false)
    const given = await give('project-editor', web)
    expect(given).toEqual({
      object: 'group_role_assignment',
      id: expect.stringMatching(/^gra_[0-9A-Z]{26}$/),
      groupId,
      role: { slug: 'project-editor' },
      resource: { id: web, externalId: 'web', resourceTypeSlug: 'project' },
      createdAt: expect.any(String),
      updatedAt: given.createdAt,
    })
    expect(await annMayEdit()).toBe(true)
    const ref = { groupId, roleAssignmentId: given.id }
    expect(await acme.workos.authorization.getGroupRoleAssignment(ref)).toEqual(given)
  })

  test('without a resource are on the organization itself', async () => {
    const { authorization } = acme.workos
    const { resource } = await authorization.createGroupRoleAssignment({ groupId, roleSlug: 'admin' })
    expect(resource).toEqual({ id: acme.root, externalId: 'acme', resourceTypeSlug: 'organization' })
    expect(await annMayEdit()).toBe(true)
    await authorization.removeGroupRoleAssignments({ groupId, roleSlug: 'admin' })
    expect(await annMayEdit()).toBe(false)
  })

  test('given twice are refused', async () => {
    await give('project-editor', web)
    const refusal = { status: 409, code: 'duplicate_group_role_assignment' } as const
    await expectRefusal(sdk, give('project-editor', web), refusal)
    expect(await rolesHeld()).toEqual(['project-editor'])
  })

  test('are listed page by page', async () => {
    const { authorization } = acme.workos
    await give('project-editor', web)
    await give('workspace-admin', eng)
    await give('workspace-viewer', eng)
    const first = await authorization.listGroupRoleAssignments({ groupId, limit: 2 })
    expect(first.data.map(({ role }) => role.slug)).toEqual(['workspace-viewer', 'workspace-admin'])
    expect(first.listMetadata.after).toBe(first.data[1]?.id)
    const after = first.data[1]?.id ?? ''
    const second = await authorization.listGroupRoleAssignments({ groupId, limit: 2, after })
    expect(second.data.map(({ role }) => role.slug)).toEqual(['project-editor'])
    const before = second.data[0]?.id ?? ''
    expect((await authorization.listGroupRoleAssignments({ groupId, limit: 2, before })).data).toEqual(
      first.data,
    )
  })

  test('are replaced as a whole: what stays keeps its id, and nothing clears them', async () => {
    const { authorization } = acme.workos
    const kept = await give('project-editor', web)
    await give('workspace-viewer', eng)
    const { object, data } = await authorization.replaceGroupRoleAssignments({
      groupId,
      roleAssignments: [
        { roleSlug: 'project-editor', resourceExternalId: 'web', resourceTypeSlug: 'project' },
        { roleSlug: 'workspace-admin', resourceId: eng },
        { roleSlug: 'admin' },
      ],
    })
    expect(object).toBe('list')
    expect(data).toContainEqual(kept)
    expect(await rolesHeld()).toEqual(['admin', 'project-editor', 'workspace-admin'])
    await authorization.replaceGroupRoleAssignments({ groupId, roleAssignments: [] })
    expect(await rolesHeld()).toEqual([])
    expect(await annMayEdit()).toBe(false)
  })

  test('are not replaced at all when one of them is wrong', async () => {
    await give('project-editor', web)
    const roleAssignments = [{ roleSlug: 'admin' }, { roleSlug: 'project-editor', resourceId: eng }]
    const call = acme.workos.authorization.replaceGroupRoleAssignments({ groupId, roleAssignments })
    await expectRefusal(sdk, call, { status: 422, code: 'invalid_role' })
    expect(await rolesHeld()).toEqual(['project-editor'])
  })

  test('are taken back by role and resource, or by the id of the assignment', async () => {
    const { authorization } = acme.workos
    const { id } = await give('project-editor', web)
    await give('workspace-admin', eng)
    await authorization.removeGroupRoleAssignment({ groupId, roleAssignmentId: id })
    expect(await rolesHeld()).toEqual(['workspace-admin'])
    const criteria = { groupId, roleSlug: 'workspace-admin', resourceId: eng }
    await authorization.removeGroupRoleAssignments(criteria)
    expect(await rolesHeld()).toEqual([])
    await expectRefusal(sdk, authorization.removeGroupRoleAssignments(criteria), notFound)
    await expectRefusal(
      sdk,
      authorization.removeGroupRoleAssignment({ groupId, roleAssignmentId: id }),
      notFound,
    )
  })

  test('of another group are not found under this one', async () => {
    const { authorization } = acme.workos
    const other = await acme.crew('Others')
    const { id } = await give('project-editor', web)
    const ref = { groupId: other, roleAssignmentId: id }
    await expectRefusal(sdk, authorization.getGroupRoleAssignment(ref), notFound)
    await expectRefusal(sdk, authorization.removeGroupRoleAssignment(ref), notFound)
    expect(await rolesHeld()).toEqual(['project-editor'])
  })

  test('are refused on a resource of another type, and for unknown roles', async () => {
    await expectRefusal(sdk, give('project-editor', eng), { status: 422, code: 'invalid_role' })
    await expectRefusal(sdk, give('nope', web), { status: 422, code: 'invalid_role' })
  })

  test('of groups and on resources that are not there are not found', async () => {
    const { authorization } = acme.workos
    await expectRefusal(sdk, give('project-editor', nobody.resource), notFound)
    const stranger = { groupId: nobody.group }
    const one = { ...stranger, roleAssignmentId: nobody.groupAssignment }
    await expectRefusal(sdk, authorization.listGroupRoleAssignments(stranger), notFound)
    await expectRefusal(sdk, authorization.getGroupRoleAssignment(one), notFound)
    await expectRefusal(sdk, authorization.removeGroupRoleAssignment(one), notFound)
    const role = { ...stranger, roleSlug: 'admin' }
    await expectRefusal(sdk, authorization.createGroupRoleAssignment(role), notFound)
    await expectRefusal(sdk, authorization.removeGroupRoleAssignments(role), notFound)
    const none = { ...stranger, roleAssignments: [] }
    await expectRefusal(sdk, authorization.replaceGroupRoleAssignments(none), notFound)
  })
})
