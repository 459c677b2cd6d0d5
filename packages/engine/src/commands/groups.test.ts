import type { AuthorizationEngine, Group, GroupId } from '@bailiwick/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { acme, ann, assign, bob, may, model, openAcme, project, workspace } from '../fixtures/acme.js'
import { openEngine } from '../open-engine.js'
import { memoryStore } from '../store/memory-store.js'

let engine: AuthorizationEngine
let group: Group

beforeEach(async () => {
  engine = await openAcme()
  group = (await engine.createGroup({ organizationId: acme, name: 'Engineers' })).value
})

describe('a group', () => {
  test('gives its members what it holds, and nobody else', async () => {
    await assign(engine, { groupId: group.id }, 'workspace-admin', workspace('eng'))
    await engine.addGroupMember(acme, group.id, ann)
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('allow')
    expect(await may(engine, bob, 'project:edit', project('web'))).toBe('no_grant')
    expect(await may(engine, ann, 'project:edit', project('site'))).toBe('no_grant')
  })

  test('may hold an organization-level role, on the organization itself', async () => {
    await engine.addGroupMember(acme, group.id, ann)
    await assign(engine, { groupId: group.id }, 'accountant')
    expect(await may(engine, ann, 'billing:manage')).toBe('allow')
    expect(await may(engine, bob, 'billing:manage')).toBe('no_grant')
  })

  test('asks for itself, too', async () => {
    expect(await may(engine, { groupId: group.id }, 'project:edit', project('web'))).toBe('no_grant')
    await assign(engine, { groupId: group.id }, 'project-editor', project('web'))
    expect(await may(engine, { groupId: group.id }, 'project:edit', project('web'))).toBe('allow')
  })

  test('takes with it, when a member leaves, what came through it and nothing else', async () => {
    const other = (await engine.createGroup({ organizationId: acme, name: 'Operators' })).value
    await assign(engine, { groupId: group.id }, 'project-editor', project('web'))
    await assign(engine, { groupId: other.id }, 'project-editor', project('site'))
    for (const { id } of [group, other]) await engine.addGroupMember(acme, id, ann)
    await engine.addGroupMember(acme, group.id, bob)
    await engine.removeGroupMember(acme, group.id, ann)
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('no_grant')
    expect(await may(engine, ann, 'project:edit', project('site'))).toBe('allow')
    expect(await may(engine, bob, 'project:edit', project('web'))).toBe('allow')
  })

  test('goes with its members, assignments and exclusions, and its members stay', async () => {
    await engine.addGroupMember(acme, group.id, ann)
    await assign(engine, { groupId: group.id }, 'project-editor', project('web'))
    await assign(engine, ann, 'project-editor', project('site'))
    await engine.createExclusion({
      organizationId: acme,
      subject: { groupId: group.id },
      permission: 'project:edit',
      resource: project('site'),
    })
    expect(await may(engine, ann, 'project:edit', project('site'))).toBe('excluded')
    await engine.deleteGroup(acme, group.id)
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('no_grant')
    expect(await may(engine, ann, 'project:edit', project('site'))).toBe('allow')
    expect(await may(engine, { groupId: group.id }, 'project:edit', project('web'))).toBe('group_unknown')
    expect(await engine.listExclusions(acme)).toEqual([])
    expect(await engine.listGroups(acme)).toEqual([])
    await engine.deleteResource(acme, project('web'))
  })

  test('is renamed, and keeps what it holds', async () => {
    await assign(engine, { groupId: group.id }, 'project-editor', project('web'))
    const { value } = await engine.renameGroup(acme, group.id, { name: 'Builders', description: 'of things' })
    expect(value).toMatchObject({ id: group.id, name: 'Builders', description: 'of things' })
    expect(await engine.findGroup(acme, group.id)).toEqual(value)
    expect(await may(engine, { groupId: group.id }, 'project:edit', project('web'))).toBe('allow')
  })

  test('is as old as it was when it is renamed, and changed now', async () => {
    let time = 1_700_000_000_000
    engine = await openEngine({ model, store: memoryStore(), clock: () => time })
    await engine.createOrganization({ id: acme, name: 'Acme' })
    const made = (await engine.createGroup({ organizationId: acme, name: 'Engineers' })).value
    time += 60_000
    const { value } = await engine.renameGroup(acme, made.id, { name: 'Builders' })
    expect(value).toMatchObject({ createdAt: made.createdAt, updatedAt: new Date(time).toISOString() })
  })

  test('keeps what a renaming does not name, and loses a description that is set to none', async () => {
    await engine.renameGroup(acme, group.id, { description: 'of things' })
    const named = await engine.renameGroup(acme, group.id, { name: 'Builders' })
    expect(named.value).toMatchObject({ name: 'Builders', description: 'of things' })
    const { value } = await engine.renameGroup(acme, group.id, { description: null })
    expect(value).toMatchObject({ name: 'Builders', description: null })
  })
})

describe('members', () => {
  test('are added once: adding again changes nothing', async () => {
    const first = await engine.addGroupMember(acme, group.id, ann)
    const second = await engine.addGroupMember(acme, group.id, ann)
    expect(second.token).toBe(first.token)
    expect(await engine.listGroupMembers(acme, group.id)).toEqual([ann.membershipId])
    await engine.removeGroupMember(acme, group.id, ann)
    await expect(engine.removeGroupMember(acme, group.id, ann)).rejects.toMatchObject({
      code: 'group_member_not_found',
    })
  })

  test('leave every group when their membership is deleted', async () => {
    await engine.addGroupMember(acme, group.id, ann)
    await engine.addGroupMember(acme, group.id, bob)
    await engine.deleteMembership(acme, ann)
    expect(await engine.listGroupMembers(acme, group.id)).toEqual([bob.membershipId])
  })

  test('sleep while they are not active', async () => {
    await engine.addGroupMember(acme, group.id, ann)
    await assign(engine, { groupId: group.id }, 'project-editor', project('web'))
    await engine.setMembershipStatus(acme, ann, 'inactive')
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('membership_inactive')
    await engine.setMembershipStatus(acme, ann, 'active')
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('allow')
  })

  test.each([
    ['a group', () => engine.addGroupMember(acme, 'group_gone' as GroupId, ann), 'group_not_found'],
    [
      'a membership',
      () => engine.addGroupMember(acme, group.id, { userId: 'nobody' }),
      'membership_not_found',
    ],
    ['a group to rename', () => engine.renameGroup(acme, 'group_gone' as GroupId, {}), 'group_not_found'],
  ])('%s that is not there is not found', async (_what, call, code) => {
    await expect(call()).rejects.toMatchObject({ code })
  })
})

describe('lists of groups', () => {
  test('come in the order in which they were made, and their members by id', async () => {
    const other = (await engine.createGroup({ organizationId: acme, name: 'Accountants' })).value
    expect(await engine.listGroups(acme)).toEqual([group, other])
    await engine.addGroupMember(acme, group.id, bob)
    await engine.addGroupMember(acme, group.id, ann)
    expect(await engine.listGroupMembers(acme, group.id)).toEqual([ann.membershipId, bob.membershipId])
  })
})
