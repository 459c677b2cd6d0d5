import type { MembershipId } from '@bailiwick/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Acme, nobody, startAcme } from './acme.js'
import { expectRefusal, invalid, notFound } from './refusal.js'
import { sdksWith } from './sdks.js'

describe.each(sdksWith('groups.createGroup', 'groups.addOrganizationMembership'))(
  'groups, SDK $version',
  (sdk) => {
    let acme: Acme
    let groups: Acme['workos']['groups']
    let organizationId: string
    let ann: MembershipId
    beforeEach(async () => {
      acme = await startAcme(sdk)
      groups = acme.workos.groups
      organizationId = acme.organizationId
      ann = await acme.join('user_ann')
    })
    afterEach(() => acme.close())

    const make = (name = 'Engineers') => groups.createGroup({ organizationId, name })
    const membersOf = async (groupId: string) =>
      (await groups.listOrganizationMemberships({ organizationId, groupId })).data.map(({ id }) => id)

    test('are created with all that they have', async () => {
      const group = await groups.createGroup({ organizationId, name: 'Engineers', description: 'Who build' })
      expect(group).toEqual({
        object: 'group',
        id: expect.stringMatching(/^group_[0-9A-Z]{26}$/),
        organizationId,
        name: 'Engineers',
        description: 'Who build',
        createdAt: expect.any(Date),
        updatedAt: group.createdAt,
      })
      expect(await groups.getGroup({ organizationId, groupId: group.id })).toEqual(group)
    })

    test('have no description when none is given', async () => {
      expect(await make()).toMatchObject({ description: null })
    })

    test('are renamed; this release sends a description of null along, and that clears it', async () => {
      const { id: groupId } = await groups.createGroup({ organizationId, name: 'Eng', description: 'Old' })
      const renamed = await groups.updateGroup({ organizationId, groupId, name: 'Crew', description: 'New' })
      expect(renamed).toMatchObject({ name: 'Crew', description: 'New' })
      expect(await groups.updateGroup({ organizationId, groupId, name: 'Team' })).toMatchObject({
        name: 'Team',
        description: null,
      })
    })

    test('are listed newest first, page by page', async () => {
      for (const name of ['a', 'b', 'c']) await make(name)
      const first = await groups.listGroups({ organizationId, limit: 2, order: 'desc' })
      expect(first.data.map(({ name }) => name)).toEqual(['c', 'b'])
      const after = first.listMetadata.after ?? ''
      const second = await groups.listGroups({ organizationId, limit: 2, order: 'desc', after })
      expect(second.data.map(({ name }) => name)).toEqual(['a'])
      expect(second.listMetadata).toEqual({ before: second.data[0]?.id, after: null })
    })

    test('take members in, once and again, and let them go', async () => {
      const { id: groupId } = await make()
      const added = await groups.addOrganizationMembership({
        organizationId,
        groupId,
        organizationMembershipId: ann,
      })
      expect(added.id).toBe(groupId)
      await groups.addOrganizationMembership({ organizationId, groupId, organizationMembershipId: ann })
      expect(await membersOf(groupId)).toEqual([ann])
      await groups.removeOrganizationMembership({ organizationId, groupId, organizationMembershipId: ann })
      expect(await membersOf(groupId)).toEqual([])
    })

    test('tell of a member what WorkOS tells, without roles', async () => {
      const { id: groupId } = await make()
      await groups.addOrganizationMembership({ organizationId, groupId, organizationMembershipId: ann })
      const { data } = await groups.listOrganizationMemberships({ organizationId, groupId })
      expect(data).toEqual([
        {
          object: 'organization_membership',
          id: ann,
          userId: 'user_ann',
          organizationId,
          status: 'active',
          directoryManaged: false,
          customAttributes: {},
          createdAt: expect.any(String),
          updatedAt: expect.any(String),
        },
      ])
    })

    test('give their members a role, which is gone with the group', async () => {
      const { id: groupId } = await make()
      await groups.addOrganizationMembership({ organizationId, groupId, organizationMembershipId: ann })
      await acme.workos.authorization.createGroupRoleAssignment({ groupId, roleSlug: 'admin' })
      const asks = {
        organizationMembershipId: ann,
        permissionSlug: 'billing:manage',
        resourceId: acme.root,
      }
      expect(await acme.workos.authorization.check(asks)).toEqual({ authorized: true })
      await groups.deleteGroup({ organizationId, groupId })
      expect(await acme.workos.authorization.check(asks)).toEqual({ authorized: false })
      await expectRefusal(sdk, groups.getGroup({ organizationId, groupId }), notFound)
    })

    test('are found from their members, newest first', async () => {
      const first = await acme.crew('First', ann)
      const second = await acme.crew('Second', ann)
      await acme.crew('Third')
      const { userManagement } = acme.workos
      const { data } = await userManagement.listGroupsForOrganizationMembership({
        organizationMembershipId: ann,
      })
      expect(data.map(({ id }) => id)).toEqual([second, first])
      const { membership } = nobody
      const call = userManagement.listGroupsForOrganizationMembership({
        organizationMembershipId: membership,
      })
      await expectRefusal(sdk, call, notFound)
    })

    test.each([
      ['an empty name', { name: '' }],
      ['a name beyond 256 characters', { name: 'x'.repeat(257) }],
      ['a description beyond 150 characters', { name: 'x', description: 'x'.repeat(151) }],
    ])('are refused with %s', async (_, options) => {
      await expectRefusal(sdk, groups.createGroup({ organizationId, ...options }), invalid)
    })

    test('of another organization are as good as not there', async () => {
      const { id: groupId } = await make()
      const { value: other } = await acme.engine.createOrganization({ name: 'Other' })
      const there = { organizationId: other.id, groupId }
      await expectRefusal(sdk, groups.getGroup(there), notFound)
      await expectRefusal(sdk, groups.updateGroup({ ...there, name: 'Mine' }), notFound)
      await expectRefusal(sdk, groups.deleteGroup(there), notFound)
      const { value: stranger } = await acme.engine.createMembership({
        organizationId: other.id,
        userId: 'user_eve',
      })
      const call = groups.addOrganizationMembership({
        organizationId,
        groupId,
        organizationMembershipId: stranger.id,
      })
      await expectRefusal(sdk, call, notFound)
      expect(await membersOf(groupId)).toEqual([])
    })

    test('that do not exist cannot be got, changed, deleted or listed', async () => {
      const nowhere = { organizationId, groupId: nobody.group }
      await expectRefusal(sdk, groups.getGroup(nowhere), notFound)
      await expectRefusal(sdk, groups.updateGroup({ ...nowhere, name: 'x' }), notFound)
      await expectRefusal(sdk, groups.deleteGroup(nowhere), notFound)
      await expectRefusal(sdk, groups.listOrganizationMemberships(nowhere), notFound)
      await expectRefusal(sdk, groups.listGroups({ organizationId: nobody.organization }), notFound)
      const { id: groupId } = await make()
      const call = groups.removeOrganizationMembership({
        organizationId,
        groupId,
        organizationMembershipId: ann,
      })
      await expectRefusal(sdk, call, notFound)
    })
  },
)
