import type {
  EntityPageOptions,
  GroupId,
  HeldRole,
  HeldRolePage,
  MembershipId,
  Resource,
} from '@bailiwick/core'
import { beforeEach, describe, expect, test } from 'vitest'
import type { EmbeddedEngine } from '../embedded-engine.js'
import { acme, agent, ann, assign, bob, bot, create, openAcme, project, workspace } from '../fixtures/acme.js'
import { memoryStore } from '../store/memory-store.js'
import { expectList } from './fixtures/expect-list.js'

let engine: EmbeddedEngine
let groups: readonly GroupId[]
let web: Resource

beforeEach(async () => {
  engine = await openAcme({ store: memoryStore({ access: 'exclusive' }) })
  web = (await engine.findResource(acme, project('web')))!
  const made: GroupId[] = []
  for (const name of ['Builders', 'Watchers', 'Empty'])
    made.push((await engine.createGroup({ organizationId: acme, name })).value.id)
  groups = made
  await engine.addGroupMember(acme, groups[0]!, ann)
  await engine.addGroupMember(acme, groups[0]!, bob)
  await engine.addGroupMember(acme, groups[1]!, bob)
})

const toGroup = (n: number) => ({ groupId: groups[n]! })
const said = ({ membershipId, role, resource, source }: HeldRole) =>
  `${membershipId} ${role} on ${resource.externalId}: ${source.kind}`

async function held(list: (page: EntityPageOptions) => Promise<HeldRolePage>): Promise<readonly string[]> {
  const { items } = await list({ limit: 100 })
  const names = items.map(said)
  await expectList(list, said, names)
  return names
}

const ofMembership = (membershipId: MembershipId, filter = {}) =>
  held((page) => engine.listRolesOfMembership(acme, membershipId, filter, page))
const onResource = (resource: Parameters<typeof engine.listRolesOnResource>[1], filter = {}) =>
  held((page) => engine.listRolesOnResource(acme, resource, filter, page))

describe('the roles of a membership', () => {
  test('are its own, those assigned to it, those of its groups, and those that the identity provider gives', async () => {
    await engine.setMembershipRoles(acme, bob, ['editor', 'accountant'])
    await assign(engine, bob, 'project-editor', project('web'))
    await assign(engine, toGroup(0), 'workspace-admin', workspace('eng'))
    await assign(engine, toGroup(1), 'accountant')
    await assign(engine, toGroup(2), 'project-editor', project('site'))
    await assign(engine, agent('helper'), 'bot-keeper', bot('helper'))
    await engine.createDirectoryMapping({
      organizationId: acme,
      directoryGroup: 'Ops',
      role: 'workspace-admin',
      resource: workspace('ops'),
    })
    await engine.syncDirectoryGroups(acme, bob, ['Ops'])
    expect((await ofMembership(bob.membershipId)).toSorted()).toEqual([
      'om_bob accountant on org_acme: group',
      'om_bob accountant on org_acme: membership',
      'om_bob editor on org_acme: membership',
      'om_bob project-editor on web: direct',
      'om_bob workspace-admin on eng: group',
      'om_bob workspace-admin on ops: mapping',
    ])
    expect(await ofMembership(ann.membershipId)).toEqual(['om_ann workspace-admin on eng: group'])
    expect(await ofMembership(bob.membershipId, { resource: project('web') })).toEqual([
      'om_bob project-editor on web: direct',
    ])
    expect(await ofMembership(bob.membershipId, { resource: workspace('ops') })).toEqual([
      'om_bob workspace-admin on ops: mapping',
    ])
    expect(await ofMembership(bob.membershipId, { type: 'workspace' })).toHaveLength(2)
    expect(await ofMembership(bob.membershipId, { type: 'workspace', externalId: 'eng' })).toEqual([
      'om_bob workspace-admin on eng: group',
    ])
    expect(await ofMembership(bob.membershipId, { externalId: 'web' })).toHaveLength(1)
    expect(await ofMembership(bob.membershipId, { type: 'project', externalId: 'eng' })).toEqual([])
    expect(await ofMembership(bob.membershipId, { type: 'organization', externalId: acme })).toHaveLength(3)
    expect(await ofMembership(bob.membershipId, { resource: project('web'), type: 'workspace' })).toEqual([])
    const onAcme = { resource: { type: 'organization', externalId: acme } }
    expect(await ofMembership(bob.membershipId, onAcme)).toHaveLength(3)
  })

  test('are those that count: what the identity provider maps goes before what was chosen', async () => {
    await engine.setMembershipRoles(acme, bob, ['editor'])
    await engine.createDirectoryMapping({ organizationId: acme, directoryGroup: 'Books', role: 'accountant' })
    await engine.syncDirectoryGroups(acme, bob, ['Books'])
    expect(await ofMembership(bob.membershipId)).toEqual(['om_bob accountant on org_acme: mapping'])
    await engine.setMembershipRoles(acme, bob, ['editor'])
    expect(await ofMembership(bob.membershipId)).toEqual(['om_bob editor on org_acme: membership'])
  })

  test('are there once, also where a sign-in and the directory tell of one group', async () => {
    await engine.createDirectoryMapping({
      organizationId: acme,
      directoryGroup: 'Ops',
      role: 'workspace-admin',
      resource: workspace('ops'),
    })
    for (const source of ['sso', 'directory'] as const)
      await engine.syncDirectoryGroups(acme, bob, ['Ops'], source)
    expect(await ofMembership(bob.membershipId)).toEqual(['om_bob workspace-admin on ops: mapping'])
    const resource = project('site')
    const asked = { organizationId: acme, subject: bob, permission: 'project:edit', resource }
    expect((await engine.explain(asked)).decision).toMatchObject({ kind: 'allow', grants: { length: 1 } })
  })

  test('say where they come from, and since when', async () => {
    const direct = await assign(engine, ann, 'project-editor', project('web'))
    const ours = await assign(engine, toGroup(0), 'project-editor', project('web'))
    await engine.setMembershipRoles(acme, ann, ['editor'])
    const membership = await engine.findMembership(acme, ann)
    const { items } = await engine.listRolesOfMembership(acme, ann.membershipId)
    const { createdAt, updatedAt } = membership!
    const at = { id: web.id, type: 'project', externalId: 'web' }
    expect(items).toMatchObject([
      {
        role: 'editor',
        resource: { type: 'organization' },
        source: { kind: 'membership' },
        createdAt,
        updatedAt,
      },
      { resource: at, source: { kind: 'direct', assignment: direct }, createdAt: direct.createdAt },
      { resource: at, source: { kind: 'group', assignment: ours }, createdAt: ours.createdAt },
    ])
  })

  test('are many, and still in order', async () => {
    for (let n = 0; n < 150; n++) {
      await create(engine, project(`p${n}`), workspace('ops'))
      await assign(engine, n % 2 === 0 ? ann : toGroup(0), 'project-editor', project(`p${n}`))
    }
    const found: string[] = []
    let page = await engine.listRolesOfMembership(acme, ann.membershipId, {}, { limit: 7 })
    for (;;) {
      found.push(...page.items.map(({ resource }) => resource.externalId))
      if (page.after === null) break
      page = await engine.listRolesOfMembership(acme, ann.membershipId, {}, { limit: 7, after: page.after })
    }
    expect(found).toEqual(Array.from({ length: 150 }, (_, n) => `p${n}`))
    const last = await engine.listRolesOfMembership(acme, ann.membershipId, {}, { limit: 3, order: 'desc' })
    expect(last.items.map(({ resource }) => resource.externalId)).toEqual(['p149', 'p148', 'p147'])
  })
})

test('the roles of a membership on the organization are found by either of its external ids', async () => {
  await engine.updateOrganization(acme, { externalId: 'acme-1' })
  await engine.setMembershipRoles(acme, ann, ['editor'])
  await assign(engine, ann, 'project-editor', project('web'))
  for (const externalId of ['acme-1', acme])
    expect(await ofMembership(ann.membershipId, { type: 'organization', externalId })).toEqual([
      'om_ann editor on acme-1: membership',
    ])
  expect(await ofMembership(ann.membershipId, { type: 'organization', externalId: 'acme-2' })).toEqual([])
})

describe('the roles on a resource', () => {
  test('are those held on it alone: by memberships, through groups, by mappings, and of one role', async () => {
    await assign(engine, bob, 'project-editor', project('web'))
    await assign(engine, toGroup(0), 'project-editor', project('web'))
    await assign(engine, toGroup(2), 'project-editor', project('web'))
    await assign(engine, ann, 'workspace-admin', workspace('eng'))
    expect(await onResource(project('web'))).toEqual([
      'om_bob project-editor on web: direct',
      'om_ann project-editor on web: group',
      'om_bob project-editor on web: group',
    ])
    expect(await onResource({ resourceId: web.id }, { role: 'project-editor' })).toHaveLength(3)
    expect(await onResource(project('web'), { role: 'workspace-admin' })).toEqual([])
    expect(await onResource(project('web'), { role: 'nothing' })).toEqual([])
    expect(await onResource(project('site'))).toEqual([])

    await engine.createDirectoryMapping({
      organizationId: acme,
      directoryGroup: 'Ops',
      role: 'workspace-admin',
      resource: workspace('eng'),
    })
    await engine.syncDirectoryGroups(acme, bob, ['Ops'])
    expect(await onResource(workspace('eng'))).toEqual([
      'om_bob workspace-admin on eng: mapping',
      'om_ann workspace-admin on eng: direct',
    ])
    // What they have of their own elsewhere is not held here.
    await engine.setMembershipRoles(acme, ann, ['editor'])
    expect(await onResource(workspace('eng'))).toHaveLength(2)
    expect(await onResource({ type: 'organization', externalId: acme })).toEqual([
      'om_ann editor on org_acme: membership',
    ])
  })

  test('on the organization are those of all memberships as well', async () => {
    await engine.setMembershipRoles(acme, ann, ['editor', 'accountant'])
    await engine.setMembershipRoles(acme, bob, ['editor'])
    await assign(engine, toGroup(1), 'accountant')
    await assign(engine, ann, 'member')
    const root = { type: 'organization', externalId: acme }
    expect((await onResource(root)).toSorted()).toEqual([
      'om_ann accountant on org_acme: membership',
      'om_ann editor on org_acme: membership',
      'om_ann member on org_acme: direct',
      'om_bob accountant on org_acme: group',
      'om_bob editor on org_acme: membership',
    ])
    expect(await onResource(root, { role: 'editor' })).toEqual([
      'om_ann editor on org_acme: membership',
      'om_bob editor on org_acme: membership',
    ])
  })

  test('through a group are as many as it has members, page by page', async () => {
    await assign(engine, toGroup(2), 'project-editor', project('web'))
    const ids: string[] = []
    for (let n = 0; n < 40; n++) {
      const id = `om_m${n}` as MembershipId
      await engine.createMembership({ organizationId: acme, userId: `user_m${n}`, id, roles: [] })
      await engine.addGroupMember(acme, groups[2]!, { membershipId: id })
      ids.push(id)
    }
    await expectList(
      (page) => engine.listRolesOnResource(acme, project('web'), {}, page),
      ({ membershipId }) => membershipId,
      ids.sort(),
    )
  })
})

describe('what is refused', () => {
  test.each(['om_ann', 'role_assignment_01', 'x', '', 'om_a/om_b', 'role_assignment_x/om_ann'])(
    'the place %j',
    async (after) => {
      await expect(engine.listRolesOfMembership(acme, ann.membershipId, {}, { after })).rejects.toMatchObject(
        {
          code: 'cursor_invalid',
        },
      )
    },
  )

  test('who or what is not there', async () => {
    const nobody = 'om_nobody' as MembershipId
    await expect(engine.listRolesOfMembership(acme, nobody)).rejects.toMatchObject({
      code: 'membership_not_found',
    })
    const filter = { resource: project('none') }
    await expect(engine.listRolesOfMembership(acme, ann.membershipId, filter)).rejects.toMatchObject({
      code: 'resource_not_found',
    })
    await expect(engine.listRolesOnResource(acme, project('none'))).rejects.toMatchObject({
      code: 'resource_not_found',
    })
  })
})
