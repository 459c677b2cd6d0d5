import type { AuthorizationEngine, ExclusionId, NewExclusion, SubjectRef } from '@bailiwick/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { acme, agent, ann, assign, bob, create, may, openAcme, project, workspace } from '../fixtures/acme.js'

let engine: AuthorizationEngine

beforeEach(async () => {
  engine = await openAcme()
})

async function exclude(
  subject: SubjectRef,
  permission: string,
  more: Pick<NewExclusion, 'effect' | 'resource'> = {},
) {
  return (await engine.createExclusion({ organizationId: acme, subject, permission, ...more })).value
}

describe('an exclusion', () => {
  test('denies one permission on its resource and below, whatever grants it, and nothing else', async () => {
    await engine.setMembershipRoles(acme, ann, ['editor'])
    await engine.setMembershipRoles(acme, bob, ['editor'])
    await assign(engine, ann, 'project-editor', project('web'))
    await exclude(ann, 'project:edit', { resource: workspace('eng') })
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('excluded')
    expect(await may(engine, ann, 'project:edit', workspace('eng'))).toBe('excluded')
    expect(await may(engine, ann, 'project:view', project('web'))).toBe('allow')
    expect(await may(engine, ann, 'project:edit', project('site'))).toBe('allow')
    expect(await may(engine, ann, 'project:edit')).toBe('allow')
    expect(await may(engine, bob, 'project:edit', project('web'))).toBe('allow')
  })

  test('on the organization denies everywhere', async () => {
    await engine.setMembershipRoles(acme, ann, ['editor'])
    await exclude(ann, 'project:edit')
    expect(await may(engine, ann, 'project:edit', project('site'))).toBe('excluded')
    expect(await may(engine, ann, 'project:edit')).toBe('excluded')
  })

  test('follows a resource that moves in and out of its reach', async () => {
    await engine.setMembershipRoles(acme, ann, ['editor'])
    await exclude(ann, 'project:edit', { resource: workspace('eng') })
    await engine.moveResource(acme, project('web'), workspace('ops'))
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('allow')
    await engine.moveResource(acme, project('web'), workspace('eng'))
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('excluded')
  })

  test('of a group holds for its members while they are in it', async () => {
    const { value: group } = await engine.createGroup({ organizationId: acme, name: 'Contractors' })
    for (const subject of [ann, bob]) await engine.setMembershipRoles(acme, subject, ['editor'])
    await exclude({ groupId: group.id }, 'project:edit')
    await engine.addGroupMember(acme, group.id, ann)
    expect(await may(engine, ann, 'project:edit')).toBe('excluded')
    expect(await may(engine, bob, 'project:edit')).toBe('allow')
    await engine.removeGroupMember(acme, group.id, ann)
    expect(await may(engine, ann, 'project:edit')).toBe('allow')
  })

  test('of a group and of an agent holds when they ask themselves', async () => {
    const { value: group } = await engine.createGroup({ organizationId: acme, name: 'Builders' })
    for (const subject of [{ groupId: group.id }, agent('helper')]) {
      await assign(engine, subject, 'workspace-admin', workspace('eng'))
      expect(await may(engine, subject, 'project:edit', project('web'))).toBe('allow')
      await exclude(subject, 'project:edit', { resource: project('web') })
      expect(await may(engine, subject, 'project:edit', project('web'))).toBe('excluded')
      expect(await may(engine, subject, 'project:edit', workspace('eng'))).toBe('allow')
    }
  })

  test('removed gives back what something grants', async () => {
    await engine.setMembershipRoles(acme, ann, ['editor'])
    const { id } = await exclude(ann, 'project:edit')
    await engine.deleteExclusion(acme, id)
    expect(await may(engine, ann, 'project:edit')).toBe('allow')
    await expect(engine.deleteExclusion(acme, id)).rejects.toMatchObject({ code: 'exclusion_not_found' })
  })

  test('made twice is one; of the other effect, or elsewhere, it is another', async () => {
    const first = await exclude(ann, 'project:edit', { resource: project('web') })
    expect(await exclude(ann, 'project:edit', { resource: project('web'), effect: 'deny' })).toEqual(first)
    const allow = await exclude(ann, 'project:edit', { resource: project('web'), effect: 'allow' })
    const elsewhere = await exclude(ann, 'project:edit')
    expect(await engine.listExclusions(acme)).toEqual([first, allow, elsewhere])
  })

  test.each([
    ['an unknown permission', { subject: ann, permission: 'project:edlt' }, 'permission_unknown'],
    [
      'an unknown subject',
      { subject: { userId: 'nobody' }, permission: 'project:edit' },
      'membership_not_found',
    ],
    [
      'a resource that is not able to act',
      { subject: { agent: project('web') }, permission: 'project:edit' },
      'agent_not_found',
    ],
    [
      'an unknown resource',
      { subject: ann, permission: 'project:edit', resource: project('gone') },
      'resource_not_found',
    ],
    [
      'an unknown effect',
      { subject: ann, permission: 'project:edit', effect: 'maybe' as 'deny' },
      'input_invalid',
    ],
  ])('is refused with %s', async (_what, input, code) => {
    await expect(engine.createExclusion({ organizationId: acme, ...input })).rejects.toMatchObject({ code })
    expect(await engine.listExclusions(acme)).toEqual([])
  })
})

describe('a single permission', () => {
  test('is granted without a role, on its resource and below', async () => {
    await exclude(ann, 'project:edit', { resource: workspace('eng'), effect: 'allow' })
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('allow')
    expect(await may(engine, ann, 'project:view', project('web'))).toBe('no_grant')
    expect(await may(engine, ann, 'project:edit', project('site'))).toBe('no_grant')
    expect(await may(engine, bob, 'project:edit', project('web'))).toBe('no_grant')
  })

  test('gives way to a denial, also to one above', async () => {
    await exclude(ann, 'project:edit', { resource: project('web'), effect: 'allow' })
    const { id } = await exclude(ann, 'project:edit', { resource: workspace('eng') })
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('excluded')
    await engine.deleteExclusion(acme, id)
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('allow')
  })
})

describe('whether a permission is excluded somewhere', () => {
  test('is so while anybody is denied it anywhere', async () => {
    expect(await engine.isExcludedSomewhere(acme, 'project:edit')).toBe(false)
    const first = await exclude(ann, 'project:edit', { resource: project('web') })
    const second = await exclude(agent('helper'), 'project:edit')
    expect(await engine.isExcludedSomewhere(acme, 'project:edit')).toBe(true)
    expect(await engine.isExcludedSomewhere(acme, 'project:view')).toBe(false)
    await engine.deleteExclusion(acme, first.id)
    expect(await engine.isExcludedSomewhere(acme, 'project:edit')).toBe(true)
    await engine.deleteExclusion(acme, second.id)
    expect(await engine.isExcludedSomewhere(acme, 'project:edit')).toBe(false)
  })

  test('is not so for a single permission, nor in an organization that does not exist', async () => {
    await exclude(ann, 'project:edit', { effect: 'allow' })
    expect(await engine.isExcludedSomewhere(acme, 'project:edit')).toBe(false)
    expect(await engine.isExcludedSomewhere('org_gone' as typeof acme, 'project:edit')).toBe(false)
    await expect(engine.isExcludedSomewhere(acme, 'project:edlt')).rejects.toMatchObject({
      code: 'permission_unknown',
    })
  })
})

describe('exclusions go', () => {
  test('with their subject', async () => {
    await exclude(ann, 'project:edit')
    await engine.deleteMembership(acme, ann)
    expect(await engine.isExcludedSomewhere(acme, 'project:edit')).toBe(false)
    expect(await engine.listExclusions(acme)).toEqual([])
  })

  test('with their resource, which they hold back unless it is said aloud', async () => {
    await create(engine, project('brief'), workspace('eng'))
    await exclude(ann, 'project:edit', { resource: project('brief') })
    await expect(engine.deleteResource(acme, project('brief'))).rejects.toMatchObject({
      dependents: { children: 0, assignments: 0, mappings: 0, exclusions: 1 },
    })
    await engine.deleteResource(acme, workspace('eng'), { cascade: true })
    expect(await engine.listExclusions(acme)).toEqual([])
  })
})

test('an exclusion stays when a resource goes that it does not concern', async () => {
  const made: string[] = []
  for (let n = 0; n < 6; n++) {
    const { value } = await engine.createMembership({
      organizationId: acme,
      userId: `user_${n}`,
      roles: ['editor'],
    })
    const { value: group } = await engine.createGroup({ organizationId: acme, name: `Group ${n}` })
    for (const subject of [{ membershipId: value.id }, { groupId: group.id }])
      made.push((await exclude(subject, 'project:edit', { resource: project('site') })).id)
  }
  await engine.deleteResource(acme, workspace('eng'), { cascade: true })
  expect((await engine.listExclusions(acme)).map(({ id }) => id)).toEqual(made)
  expect(await may(engine, { userId: 'user_3' }, 'project:edit', project('site'))).toBe('excluded')
  await engine.deleteResource(acme, project('site'), { cascade: true })
  expect(await engine.listExclusions(acme)).toEqual([])
})

test('an exclusion that is not there is not found', async () => {
  const gone = engine.deleteExclusion(acme, 'exclusion_gone' as ExclusionId)
  await expect(gone).rejects.toMatchObject({ code: 'exclusion_not_found' })
})
