import {
  allSubjects,
  type ExclusionId,
  type MappingId,
  type MembershipId,
  type OrganizationId,
  type ResourceRef,
  type SubjectsQuestion,
} from '@bailiwick/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { applyChanges } from '../graph/apply-change.js'
import { usualEffort } from './effort.js'
import { acme, agent, openAcme, project, user, workspace } from './fixtures/acme.js'
import { largeOrganization, organizationId } from './fixtures/large-organization.js'
import { listSubjects } from './list-subjects.js'

let at: Awaited<ReturnType<typeof openAcme>>
let ann: MembershipId
let bob: MembershipId
let cas: MembershipId

beforeEach(async () => {
  at = await openAcme()
  await at.make('workspace', 'eng')
  await at.make('project', 'web', workspace('eng'))
  await at.make('project', 'api', workspace('eng'))
  ann = await at.member('ann', 'admin')
  bob = await at.member('bob')
  cas = await at.member('cas')
})

describe('a list of subjects', () => {
  test('holds who has a role on the resource, on one above it, or on the organization', async () => {
    expect(await whoOn(project('web'))).toEqual([ann])
    await at.give(user('cas'), 'workspace-viewer', workspace('eng'))
    await at.give(user('bob'), 'project-editor', project('web'))
    expect(await whoOn(project('web'))).toEqual([ann, bob, cas])
    expect(await whoOn(project('api'))).toEqual([ann, cas])
    expect(await whoOn(undefined)).toEqual([ann])
  })

  test('counts members of a group that holds a role, once', async () => {
    const { groupId } = await at.group('Web', 'bob', 'cas')
    await at.give({ groupId }, 'project-editor', project('web'))
    await at.give(user('bob'), 'project-editor', project('web'))
    expect(await whoOn(project('web'))).toEqual([ann, bob, cas])
    await at.engine.removeGroupMember(acme, groupId, { userId: 'cas' })
    expect(await whoOn(project('web'))).toEqual([ann, bob])
  })

  test('of groups and of agents names those that hold something themselves', async () => {
    const { groupId } = await at.group('Web', 'bob')
    await at.give({ groupId }, 'project-editor', project('web'))
    const crawler = await at.make('crawler', 'indexer', workspace('eng'))
    const bot = await at.make('bot', 'helper')
    await at.give(agent('crawler', 'indexer'), 'workspace-viewer', workspace('eng'))
    await at.give(agent('bot', 'helper'), 'project-editor', project('web'))
    expect(await whoOn(project('web'), { kind: 'group' })).toEqual([groupId])
    expect(await whoOn(project('api'), { kind: 'group' })).toEqual([])
    expect(await whoOn(project('web'), { kind: 'agent' })).toEqual([crawler.id, bot.id])
    expect(await whoOn(project('api'), { kind: 'agent' })).toEqual([crawler.id])
  })

  test('of direct access leaves out what is inherited', async () => {
    await at.give(user('cas'), 'workspace-viewer', workspace('eng'))
    await at.give(await at.group('Web', 'bob'), 'project-editor', project('web'))
    expect(await whoOn(project('web'), { access: 'direct' })).toEqual([bob])
    expect(await whoOn(workspace('eng'), { access: 'direct' })).toEqual([cas])
    expect(await whoOn(undefined, { access: 'direct' })).toEqual([ann])
  })

  // Found from the resource it meets nobody else; where that takes long, everybody is asked whether she is one.
  test('of direct access leaves out what is inherited, whatever gives it, when everybody is asked', async () => {
    const large = await largeOrganization()
    const { root, resource, membership, give } = large
    const inside = resource('workspace', root)
    const web = resource('project', inside)
    const [byRole, single, mapped] = [membership(), membership(), membership()]
    const [above, singleAbove, mappedAbove] = [membership(), membership(), membership()]
    membership('owner')
    give(byRole, 'project-editor', web)
    give(above, 'workspace-admin', inside)
    for (let n = 0; n < 100; n++) give(large.group([]), 'project-viewer', web)
    const graph = large.build()
    const { roles, environment, memberships } = graph
    const permissionId = environment.permissionId(environment.permissionIndex('project:edit'))
    for (const [n, id, role, resourceId] of [
      [1, single, 'project-editor', web],
      [2, singleAbove, 'workspace-admin', inside],
      [3, mapped, 'project-editor', web],
      [4, mappedAbove, 'workspace-admin', inside],
    ] as const) {
      const subject = { kind: 'membership', id } as const
      const exclusion = { id: `exclusion_${n}` as ExclusionId, subject, effect: 'allow' } as const
      const directoryGroup = `group ${n}`
      const roleId = roles.role(roles.bySlug(role)).id
      const directoryGroups = { sso: null, directory: [directoryGroup] }
      const told = { ...memberships.fact(memberships.findById(id)), directoryGroups }
      const mapping = { id: `idp_mapping_${n}` as MappingId, directoryGroup, roleId, resourceId }
      applyChanges(
        graph,
        n < 3
          ? [{ op: 'put', kind: 'exclusion', entity: { ...exclusion, permissionId, resourceId } }]
          : [
              { op: 'put', kind: 'membership', entity: told },
              { op: 'put', kind: 'mapping', entity: mapping },
            ],
      )
    }
    const impatient = { ...usualEffort, firstTurn: 1 }
    const onWeb = { organizationId, permission: 'project:edit', resource: { resourceId: web } }
    const found = (access: 'any' | 'direct') =>
      listSubjects(graph, { ...onWeb, access }, { limit: 100 }, impatient).items.map(({ id }) => id)
    expect(found('direct')).toEqual([byRole, single, mapped])
    expect(found('any')).toHaveLength(7)
  })

  test('leaves out who is denied, or not active', async () => {
    await at.give(user('bob'), 'project-editor', project('web'))
    await at.deny(user('ann'), 'project:view', workspace('eng'))
    expect(await whoOn(project('web'))).toEqual([bob])
    await at.engine.setMembershipStatus(acme, { userId: 'bob' }, 'inactive')
    expect(await whoOn(project('web'))).toEqual([])
  })

  test('follows the groups of the identity provider', async () => {
    await at.engine.createDirectoryMapping({
      organizationId: acme,
      directoryGroup: 'engineers',
      role: 'workspace-viewer',
      resource: workspace('eng'),
    })
    expect(await whoOn(project('web'))).toEqual([ann])
    await at.engine.syncDirectoryGroups(acme, { userId: 'bob' }, ['engineers'])
    expect(await whoOn(project('web'))).toEqual([ann, bob])
    await at.engine.syncDirectoryGroups(acme, { userId: 'bob' }, [])
    expect(await whoOn(project('web'))).toEqual([ann])
  })

  test('follows the roles that are chosen for a membership', async () => {
    await at.engine.setMembershipRoles(acme, { userId: 'bob' }, ['admin'])
    expect(await whoOn(undefined)).toEqual([ann, bob])
    await at.engine.setMembershipRoles(acme, { userId: 'ann' }, [])
    expect(await whoOn(undefined)).toEqual([bob])
    const dan = await at.member('dan', 'admin')
    await at.engine.deleteMembership(acme, { userId: 'bob' })
    expect(await whoOn(undefined)).toEqual([dan])
  })

  test('on a resource that is unknown is empty', async () => {
    expect(await whoOn(project('nowhere'))).toEqual([])
  })

  test('is in pages that go both ways, and in one loop', async () => {
    for (const name of ['dan', 'eve', 'fay']) await at.member(name, 'admin')
    const all = await whoOn(project('web'), {}, 100)
    const { items, after } = await at.engine.listSubjects(on(project('web')), { limit: 3 })
    expect(items.map(({ id }) => id)).toEqual(all.slice(0, 3))
    const rest = await at.engine.listSubjects(on(project('web')), { limit: 3, after: after! })
    expect(rest).toMatchObject({ after: null, items: [{ id: all[3] }] })
    const back = await at.engine.listSubjects(on(project('web')), { limit: 2, before: rest.before! })
    expect(back.items.map(({ id }) => id)).toEqual(all.slice(1, 3))
    const walked: string[] = []
    for await (const { id } of allSubjects(at.engine, on(project('web')))) walked.push(id)
    expect(walked).toEqual(all)
  })

  test.each<[string, Partial<SubjectsQuestion>]>([
    ['organization', { organizationId: 'org_globex' as OrganizationId }],
    ['permission', { permission: 'project:edit' }],
    ['resource', { resource: project('api') }],
    ['kind', { kind: 'group' }],
    ['access', { access: 'direct' }],
  ])('refuses a cursor that comes from a question of another %s', async (_, other) => {
    await at.member('dan', 'admin')
    const { after } = await at.engine.listSubjects(on(project('web')), { limit: 1 })
    await expect(
      at.engine.listSubjects({ ...on(project('web')), ...other }, { after: after! }),
    ).rejects.toMatchObject({ code: 'cursor_invalid' })
  })

  test('refuses a kind or an access that does not exist', async () => {
    await expect(whoOn(undefined, { kind: 'user' as 'group' })).rejects.toMatchObject({ field: 'kind' })
    await expect(whoOn(undefined, { access: 'all' as 'any' })).rejects.toMatchObject({ field: 'access' })
  })
})

function on(resource: ResourceRef | undefined): SubjectsQuestion {
  return { organizationId: acme, permission: 'project:view', ...(resource && { resource }) }
}

async function whoOn(resource: ResourceRef | undefined, more: Partial<SubjectsQuestion> = {}, limit = 10) {
  const { items } = await at.engine.listSubjects({ ...on(resource), ...more }, { limit })
  return items.map(({ id }) => id)
}
