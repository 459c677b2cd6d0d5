import type { MembershipId, ResourceId } from '@bailiwick/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Acme, nobody, startAcme } from './acme.js'
import { expectRefusal, invalid, notFound } from './refusal.js'
import { sdks, sdksWith } from './sdks.js'

describe.each(sdks)('role assignments of a membership, SDK $version', (sdk) => {
  let acme: Acme
  let ann: MembershipId
  let eng: ResourceId
  let web: ResourceId
  beforeEach(async () => {
    acme = await startAcme(sdk)
    eng = await acme.place('workspace', 'eng')
    web = await acme.place('project', 'web', eng)
    ann = await acme.join('user_ann', ['member'])
  })
  afterEach(() => acme.close())

  const assign = (roleSlug: string, resourceId: string) =>
    acme.workos.authorization.assignRole({ organizationMembershipId: ann, roleSlug, resourceId })
  const held = async () =>
    (await acme.workos.authorization.listRoleAssignments({ organizationMembershipId: ann, order: 'asc' }))
      .data
  const rolesHeld = async () => (await held()).map(({ role }) => role.slug).sort()

  test('are given on a resource by its id, or by its external id', async () => {
    const given = await assign('project-editor', web)
    expect(given).toMatchObject({
      object: 'role_assignment',
      id: expect.stringMatching(/^role_assignment_[0-9A-Z]{26}$/),
      role: { slug: 'project-editor' },
      resource: { id: web, externalId: 'web', resourceTypeSlug: 'project' },
      createdAt: expect.any(String),
      updatedAt: given.createdAt,
    })
    // 8.13.0 leaves out whose it is.
    if (sdk.version !== '8.13.0') expect(given.organizationMembershipId).toBe(ann)
    const byExternalId = await acme.workos.authorization.assignRole({
      organizationMembershipId: ann,
      roleSlug: 'workspace-admin',
      resourceExternalId: 'eng',
      resourceTypeSlug: 'workspace',
    })
    expect(byExternalId.resource).toEqual({ id: eng, externalId: 'eng', resourceTypeSlug: 'workspace' })
  })

  test('given twice are the same assignment', async () => {
    expect(await assign('project-editor', web)).toEqual(await assign('project-editor', web))
    expect(await rolesHeld()).toEqual(['member', 'project-editor'])
  })

  test('are listed with the organization-level role and what groups give', async () => {
    const crew = await acme.crew('Crew', ann)
    await assign('project-editor', web)
    const { value } = await acme.engine.assignRole({
      organizationId: acme.organizationId,
      subject: { groupId: crew },
      role: 'workspace-admin',
      resource: { resourceId: eng },
    })
    const list = await held()
    const byRole = new Map(list.map((each) => [each.role.slug, each]))
    expect(byRole.get('member')?.resource).toEqual({
      id: acme.root,
      externalId: 'acme',
      resourceTypeSlug: 'organization',
    })
    expect([...byRole.keys()].sort()).toEqual(['member', 'project-editor', 'workspace-admin'])
    if (sdk.version !== '8.13.0') {
      expect(byRole.get('member')?.source).toEqual({ type: 'direct', groupRoleAssignmentId: null })
      expect(byRole.get('workspace-admin')?.source).toEqual({
        type: 'group',
        groupRoleAssignmentId: value.id.replace('role_assignment', 'gra'),
      })
    }
    expect(await held()).toEqual(list)
  })

  test('are listed page by page, without a gap or a repetition', async () => {
    for (let index = 0; index < 7; index++)
      await assign('project-editor', await acme.place('project', `p${index}`, eng))
    const all = (await held()).map(({ id }) => id)
    expect(new Set(all).size).toBe(8)
    for (const order of ['asc', 'desc'] as const) {
      const seen: string[] = []
      let after: string | undefined
      do {
        const { data, listMetadata } = await acme.workos.authorization.listRoleAssignments({
          organizationMembershipId: ann,
          limit: 3,
          order,
          ...(after === undefined ? {} : { after }),
        })
        seen.push(...data.map(({ id }) => id))
        after = listMetadata.after ?? undefined
      } while (after !== undefined)
      expect(seen).toEqual(order === 'asc' ? all : [...all].reverse())
    }
  })

  test('are listed on from the id of any of them, and back to it', async () => {
    for (const name of ['a', 'b', 'c', 'd'])
      await assign('project-editor', await acme.place('project', name, eng))
    const all = (await held()).map(({ id }) => id)
    expect(all).toHaveLength(5)
    const list = async (options: object) =>
      (
        await acme.workos.authorization.listRoleAssignments({
          organizationMembershipId: ann,
          order: 'asc',
          ...options,
        })
      ).data.map(({ id }) => id)
    for (const [index, id] of all.entries()) {
      expect(await list({ after: id })).toEqual(all.slice(index + 1))
      expect(await list({ before: id })).toEqual(all.slice(0, index))
      expect(await list({ limit: 2, before: id })).toEqual(all.slice(Math.max(0, index - 2), index))
    }
    const unknown = acme.workos.authorization.listRoleAssignments({
      organizationMembershipId: ann,
      after: nobody.assignment,
    })
    await expectRefusal(sdk, unknown, invalid)
  })

  // 8.13.0 has no filters: there is nothing to test.
  if (sdk.version !== '8.13.0') {
    test('are listed where the filters say', async () => {
      await assign('project-editor', web)
      await assign('workspace-admin', eng)
      const list = async (options: object) =>
        (
          await acme.workos.authorization.listRoleAssignments({ organizationMembershipId: ann, ...options })
        ).data.map(({ role }) => role.slug)
      expect(await list({ resourceId: web })).toEqual(['project-editor'])
      expect(await list({ resourceTypeSlug: 'workspace' })).toEqual(['workspace-admin'])
      expect(await list({ resourceTypeSlug: 'project', resourceExternalId: 'web' })).toEqual([
        'project-editor',
      ])
      expect(await list({ resourceTypeSlug: 'workspace', resourceExternalId: 'web' })).toEqual([])
      expect(await list({ resourceId: web, resourceTypeSlug: 'workspace' })).toEqual([])
      expect(await list({ resourceId: acme.root })).toEqual(['member'])
      const missing = { organizationMembershipId: ann, resourceId: nobody.resource }
      await expectRefusal(sdk, acme.workos.authorization.listRoleAssignments(missing), notFound)
    })
  }

  test('are taken back by role and resource, and only there', async () => {
    const api = await acme.place('project', 'api', eng)
    await assign('project-editor', web)
    await assign('project-editor', api)
    const { authorization } = acme.workos
    const criteria = { organizationMembershipId: ann, roleSlug: 'project-editor' }
    await authorization.removeRole({ ...criteria, resourceId: web })
    expect((await held()).map(({ resource }) => resource.externalId).sort()).toEqual(['acme', 'api'])
    await authorization.removeRole({ ...criteria, resourceTypeSlug: 'project', resourceExternalId: 'api' })
    expect(await rolesHeld()).toEqual(['member'])
    await expectRefusal(sdk, authorization.removeRole({ ...criteria, resourceId: web }), notFound)
  })

  test('are taken back by the id of the assignment, once', async () => {
    const { id } = await assign('project-editor', web)
    const ref = { organizationMembershipId: ann, roleAssignmentId: id }
    await acme.workos.authorization.removeRoleAssignment(ref)
    expect(await rolesHeld()).toEqual(['member'])
    await expectRefusal(sdk, acme.workos.authorization.removeRoleAssignment(ref), notFound)
  })

  test('of the organization itself are taken by their id in the list, and the default role comes back', async () => {
    await acme.engine.setMembershipRoles(acme.organizationId, { membershipId: ann }, ['admin'])
    const [admin] = await held()
    const ref = { organizationMembershipId: ann, roleAssignmentId: admin?.id ?? '' }
    await acme.workos.authorization.removeRoleAssignment(ref)
    expect(await rolesHeld()).toEqual(['member'])
  })

  test('through a group cannot be taken from the member, by either name', async () => {
    const crew = await acme.crew('Crew', ann)
    await acme.engine.assignRole({
      organizationId: acme.organizationId,
      subject: { groupId: crew },
      role: 'project-editor',
      resource: { resourceId: web },
    })
    const refusal = { status: 409, code: 'role_held_through_group' } as const
    const { authorization } = acme.workos
    const id = (await held()).find(({ role }) => role.slug === 'project-editor')?.id ?? ''
    const byId = { organizationMembershipId: ann, roleAssignmentId: id }
    await expectRefusal(sdk, authorization.removeRoleAssignment(byId), refusal)
    const byName = { organizationMembershipId: ann, roleSlug: 'project-editor', resourceId: web }
    await expectRefusal(sdk, authorization.removeRole(byName), refusal)
    expect(await rolesHeld()).toEqual(['member', 'project-editor'])
  })

  test('of somebody else cannot be taken', async () => {
    const bob = await acme.join('user_bob')
    const { id } = await assign('project-editor', web)
    const theirs = { organizationMembershipId: bob, roleAssignmentId: id }
    await expectRefusal(sdk, acme.workos.authorization.removeRoleAssignment(theirs), notFound)
    expect(await rolesHeld()).toEqual(['member', 'project-editor'])
  })

  test('are refused on a resource of another type than the role, and for unknown roles', async () => {
    await expectRefusal(sdk, assign('project-editor', eng), { status: 422, code: 'invalid_role' })
    await expectRefusal(sdk, assign('project-edtior', web), { status: 422, code: 'invalid_role' })
  })

  test('are refused for what is not there, and without a target', async () => {
    const { authorization } = acme.workos
    await expectRefusal(sdk, assign('project-editor', nobody.resource), notFound)
    const organizationMembershipId = nobody.membership
    const stranger = { organizationMembershipId, roleSlug: 'project-editor', resourceId: web }
    await expectRefusal(sdk, authorization.assignRole(stranger), notFound)
    await expectRefusal(sdk, authorization.removeRole(stranger), notFound)
    await expectRefusal(sdk, authorization.listRoleAssignments({ organizationMembershipId }), notFound)
    const unknown = { organizationMembershipId: ann, roleAssignmentId: nobody.assignment }
    await expectRefusal(sdk, authorization.removeRoleAssignment(unknown), notFound)
    const none = {
      ...stranger,
      organizationMembershipId: ann,
      resourceId: undefined,
    } as unknown as typeof stranger
    await expectRefusal(sdk, authorization.assignRole(none), invalid)
    await expectRefusal(sdk, authorization.removeRole(none), invalid)
  })
})

describe.each(sdksWith('authorization.listRoleAssignmentsForResource'))(
  'role assignments on a resource, SDK $version',
  (sdk) => {
    let acme: Acme
    beforeEach(async () => {
      acme = await startAcme(sdk)
    })
    afterEach(() => acme.close())

    test('are those held on this very resource, by themselves and through groups', async () => {
      const { authorization } = acme.workos
      const { organizationId } = acme
      const eng = await acme.place('workspace', 'eng')
      const web = await acme.place('project', 'web', eng)
      const ann = await acme.join('user_ann')
      const bob = await acme.join('user_bob')
      const cy = await acme.join('user_cy')
      const crew = await acme.crew('Crew', bob)
      const give = (subject: { membershipId: MembershipId } | { groupId: typeof crew }, role: string) =>
        acme.engine.assignRole({ organizationId, subject, role, resource: { resourceId: eng } })
      await give({ membershipId: ann }, 'workspace-admin')
      await give({ membershipId: cy }, 'workspace-viewer')
      await give({ groupId: crew }, 'workspace-viewer')
      await authorization.assignRole({
        organizationMembershipId: cy,
        roleSlug: 'project-editor',
        resourceId: web,
      })
      const holders = (list: {
        data: { organizationMembershipId: string; role: { slug: string }; source: { type: string } }[]
      }) =>
        new Map(list.data.map((each) => [each.organizationMembershipId, [each.role.slug, each.source.type]]))
      const all = await authorization.listRoleAssignmentsForResource({ resourceId: eng })
      expect(holders(all)).toEqual(
        new Map([
          [ann as string, ['workspace-admin', 'direct']],
          [cy as string, ['workspace-viewer', 'direct']],
          [bob as string, ['workspace-viewer', 'group']],
        ]),
      )
      const ref = { organizationId, resourceTypeSlug: 'workspace', externalId: 'eng' }
      expect((await authorization.listResourceRoleAssignments(ref)).data).toEqual(all.data)
      const viewers = await authorization.listResourceRoleAssignments({
        ...ref,
        roleSlug: 'workspace-viewer',
      })
      expect([...holders(viewers).keys()].sort()).toEqual([bob, cy].sort())
      const admins = { resourceId: eng, roleSlug: 'workspace-admin' }
      expect((await authorization.listRoleAssignmentsForResource(admins)).data).toHaveLength(1)
    })

    test('of a resource that is not there are not found', async () => {
      const { authorization } = acme.workos
      const byId = { resourceId: nobody.resource }
      await expectRefusal(sdk, authorization.listRoleAssignmentsForResource(byId), notFound)
      const ref = { organizationId: acme.organizationId, resourceTypeSlug: 'workspace', externalId: 'eng' }
      await expectRefusal(sdk, authorization.listResourceRoleAssignments(ref), notFound)
    })
  },
)
