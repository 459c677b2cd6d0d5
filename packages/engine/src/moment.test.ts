import {
  type AssignmentId,
  type GroupId,
  type MembershipId,
  type Moment,
  type OrganizationId,
} from '@bailiwick/core'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { EmbeddedEngine } from './embedded-engine.js'
import { EnvironmentWriter } from './environment/environment-writer.js'
import {
  acme,
  ann,
  assign,
  bob,
  bot,
  create,
  may,
  model,
  openAcme,
  project,
  workspace,
} from './fixtures/acme.js'
import { openEngine } from './open-engine.js'
import { OrganizationWriter } from './organization-writer.js'
import { storeDirectory } from './sqlite/fixtures/store-directory.js'
import { sqlite } from './sqlite/sqlite.js'
import { memoryStore } from './store/memory-store.js'
import type { StoreOpener } from './store/store.js'

const exclusive = () => memoryStore({ access: 'exclusive' })
const globex = 'org_globex' as OrganizationId
const eve = { membershipId: 'om_eve' as MembershipId }

/** Acme with something of every kind, and Globex with nothing. */
async function openBoth(store: StoreOpener = exclusive()) {
  const engine = await openAcme({ store })
  onTestFinished(() => engine.close())
  await engine.createOrganization({ id: globex, name: 'Globex' })
  const { value: staff } = await engine.createGroup({ organizationId: acme, name: 'Staff' })
  await engine.addGroupMember(acme, staff.id, ann)
  await engine.createOrganizationRole({ organizationId: acme, name: 'A', slug: 'org-a' })
  const { value: mapping } = await engine.createDirectoryMapping({
    organizationId: acme,
    directoryGroup: 'Books',
    role: 'accountant',
  })
  const given = await assign(engine, ann, 'workspace-admin', workspace('eng'))
  const { value: exclusion } = await engine.createExclusion({
    organizationId: acme,
    subject: bob,
    permission: 'project:view',
  })
  await engine.createUser({ id: 'user_ann' })
  return { engine, staff: staff.id, mapping: mapping.id, given: given.id, exclusion: exclusion.id }
}
type Both = Awaited<ReturnType<typeof openBoth>>

/** What holds now. @throws where nothing may be kept. */
function momentOf(engine: EmbeddedEngine, id: OrganizationId = acme): Moment {
  const moment = engine.atOnce.moment(id)
  if (moment === undefined) throw new Error(`\`${id}\` has no moment`)
  expect(moment.isOver).toBe(false)
  return moment
}

type Does = (both: Both) => Promise<unknown>

/** Every method that writes into an organization, once for each kind of change that it makes. */
const commands: readonly (readonly [method: string, what: string, does: Does])[] = [
  [
    'updateOrganization',
    'the external id',
    ({ engine }) => engine.updateOrganization(acme, { externalId: 'a' }),
  ],
  ['updateOrganization', 'the name', ({ engine }) => engine.updateOrganization(acme, { name: 'Acme 2' })],
  ['deleteOrganization', 'all of it', ({ engine }) => engine.deleteOrganization(acme)],
  [
    'createMembership',
    'somebody more',
    ({ engine }) =>
      engine.createMembership({ organizationId: acme, userId: 'user_eve', id: eve.membershipId }),
  ],
  ['setMembershipRoles', 'a role', ({ engine }) => engine.setMembershipRoles(acme, ann, ['editor'])],
  ['setMembershipStatus', 'off', ({ engine }) => engine.setMembershipStatus(acme, ann, 'inactive')],
  ['deleteMembership', 'gone', ({ engine }) => engine.deleteMembership(acme, ann)],
  ['deleteUser', 'with her memberships', ({ engine }) => engine.deleteUser('user_ann')],
  ['syncDirectoryGroups', 'a sign-in', ({ engine }) => engine.syncDirectoryGroups(acme, ann, ['Books'])],
  [
    'applyDirectoryGroupEvent',
    'a group more',
    ({ engine }) => engine.applyDirectoryGroupEvent(acme, ann, { kind: 'added', directoryGroup: 'Books' }),
  ],
  ['createResource', 'a project', ({ engine }) => create(engine, project('new'), workspace('eng'))],
  [
    'renameResource',
    'the name',
    ({ engine }) => engine.renameResource(acme, project('web'), { name: 'Web' }),
  ],
  [
    'updateResource',
    'its place',
    ({ engine }) => engine.updateResource(acme, project('web'), { parent: workspace('ops') }),
  ],
  ['moveResource', 'its place', ({ engine }) => engine.moveResource(acme, project('web'), workspace('ops'))],
  ['deleteResource', 'one', ({ engine }) => engine.deleteResource(acme, project('web'))],
  [
    'deleteResource',
    'all below it',
    ({ engine }) => engine.deleteResource(acme, workspace('eng'), { cascade: true }),
  ],
  ['createGroup', 'an empty one', ({ engine }) => engine.createGroup({ organizationId: acme, name: 'Ops' })],
  ['renameGroup', 'the name', ({ engine, staff }) => engine.renameGroup(acme, staff, { name: 'Crew' })],
  ['deleteGroup', 'with a member', ({ engine, staff }) => engine.deleteGroup(acme, staff)],
  ['addGroupMember', 'one', ({ engine, staff }) => engine.addGroupMember(acme, staff, bob)],
  ['removeGroupMember', 'one', ({ engine, staff }) => engine.removeGroupMember(acme, staff, ann)],
  ['assignRole', 'on the organization', ({ engine }) => assign(engine, ann, 'accountant')],
  ['assignRole', 'on a resource', ({ engine }) => assign(engine, bob, 'project-editor', project('web'))],
  [
    'assignRole',
    'to a group',
    ({ engine, staff }) => assign(engine, { groupId: staff }, 'project-editor', project('web')),
  ],
  [
    'assignRole',
    'to an agent',
    ({ engine }) => assign(engine, { agent: bot('helper') }, 'project-editor', project('web')),
  ],
  [
    'createAssignment',
    'a new one',
    ({ engine }) => engine.createAssignment({ organizationId: acme, subject: ann, role: 'accountant' }),
  ],
  [
    'takeRole',
    'one that is held',
    ({ engine }) =>
      engine.takeRole({
        organizationId: acme,
        subject: ann,
        role: 'workspace-admin',
        resource: workspace('eng'),
      }),
  ],
  ['removeAssignment', 'one', ({ engine, given }) => engine.removeAssignment(acme, given)],
  ['replaceAssignments', 'by none', ({ engine }) => engine.replaceAssignments(acme, ann, [])],
  [
    'createOrganizationRole',
    'with a permission',
    ({ engine }) =>
      engine.createOrganizationRole({ organizationId: acme, name: 'B', permissions: ['project:view'] }),
  ],
  [
    'updateOrganizationRole',
    'its permissions',
    ({ engine }) => engine.updateOrganizationRole(acme, 'org-a', { permissions: ['project:view'] }),
  ],
  ['deleteOrganizationRole', 'one', ({ engine }) => engine.deleteOrganizationRole(acme, 'org-a')],
  [
    'setRoleOrder',
    'a priority',
    ({ engine }) => engine.setRoleOrder(acme, { priority: ['org-a', 'editor'] }),
  ],
  [
    'createDirectoryMapping',
    'one more',
    ({ engine }) =>
      engine.createDirectoryMapping({ organizationId: acme, directoryGroup: 'Staff', role: 'editor' }),
  ],
  ['deleteDirectoryMapping', 'one', ({ engine, mapping }) => engine.deleteDirectoryMapping(acme, mapping)],
  [
    'createExclusion',
    'a deny',
    ({ engine }) =>
      engine.createExclusion({ organizationId: acme, subject: ann, permission: 'project:view' }),
  ],
  [
    'createExclusion',
    'an allow',
    ({ engine }) =>
      engine.createExclusion({
        organizationId: acme,
        subject: ann,
        permission: 'project:view',
        effect: 'allow',
      }),
  ],
  ['deleteExclusion', 'one', ({ engine, exclusion }) => engine.deleteExclusion(acme, exclusion)],
]

const modelChanges: readonly (readonly [method: string, what: string, does: Does])[] = [
  ['createResourceType', 'one more', ({ engine }) => engine.createResourceType({ slug: 'folder' })],
  ['updateResourceType', 'its name', ({ engine }) => engine.updateResourceType('bot', { name: 'Robot' })],
  ['addParentType', 'one more', ({ engine }) => engine.addParentType('project', 'organization')],
  [
    'deleteResourceType',
    'one that nobody uses',
    async ({ engine }) => {
      await engine.deleteRole('bot-keeper')
      await engine.deleteResource(acme, bot('helper'))
      expect(await may(engine, ann, 'project:view', project('web'))).toBe('allow')
      const moment = momentOf(engine)
      await engine.deleteResourceType('bot')
      expect(moment.isOver).toBe(true)
    },
  ],
  ['createPermission', 'one more', ({ engine }) => engine.createPermission({ slug: 'x:y' })],
  ['updatePermission', 'its name', ({ engine }) => engine.updatePermission('project:edit', { name: 'E' })],
  ['deletePermission', 'from every role', ({ engine }) => engine.deletePermission('project:edit')],
  [
    'createRole',
    'one more',
    ({ engine }) => engine.createRole({ slug: 'guest', permissions: ['project:view'] }),
  ],
  [
    'updateRole',
    'its permissions',
    ({ engine }) => engine.updateRole('workspace-admin', { permissions: ['workspace:manage'] }),
  ],
  ['deleteRole', 'one that nobody holds', ({ engine }) => engine.deleteRole('bot-keeper')],
  ['changeSettings', 'one role at a time', ({ engine }) => engine.changeSettings({ roleMode: 'single' })],
  ['changeSettings', 'the default role', ({ engine }) => engine.changeSettings({ defaultRole: 'editor' })],
  ['changeSettings', 'the depth', ({ engine }) => engine.changeSettings({ maxDepth: 7 })],
]

const methodsOf = ({ prototype }: { readonly prototype: object }) =>
  Object.getOwnPropertyNames(prototype).filter((name) => !/^(constructor|list|get)/.test(name))

describe('a moment', () => {
  test('is for an organization that is in memory, and for no other', async () => {
    const store = exclusive()
    const first = await openAcme({ store })
    expect(first.atOnce.moment('org_nobody' as OrganizationId)).toBeUndefined()
    momentOf(first)
    await first.close()
    const engine = await openEngine({ store, model })
    onTestFinished(() => engine.close())
    expect(engine.atOnce.moment(acme)).toBeUndefined()
    expect(await may(engine, ann, 'project:view')).toBe('no_grant')
    momentOf(engine)
  })

  test('goes on while there are only questions, and while a command changes nothing', async () => {
    const { engine, staff } = await openBoth()
    const moment = momentOf(engine)
    await may(engine, ann, 'project:view', project('web'))
    await engine.listAssignments(acme, ann)
    await engine.listResources({
      organizationId: acme,
      subject: ann,
      permission: 'project:view',
      type: 'project',
    })
    await engine.addGroupMember(acme, staff, ann)
    await expect(engine.removeAssignment(acme, 'nothing' as AssignmentId)).rejects.toThrow()
    await expect(engine.deleteGroup(acme, 'group_gone' as GroupId)).rejects.toThrow()
    expect(engine.atOnce.moment(acme)).toBe(moment)
    expect(moment.isOver).toBe(false)
  })

  test('goes on while another organization is changed, made or deleted', async () => {
    const { engine } = await openBoth()
    const [here, there] = [momentOf(engine), momentOf(engine, globex)]
    await engine.createMembership({ organizationId: globex, userId: 'user_ann' })
    expect([here.isOver, there.isOver]).toEqual([false, true])
    await engine.createOrganization({ id: 'org_third' as OrganizationId, name: 'Third' })
    await engine.deleteOrganization(globex)
    expect(here.isOver).toBe(false)
    expect(engine.atOnce.moment(acme)).toBe(here)
  })
})

describe.each([
  ['memory', exclusive],
  ['SQLite', () => sqlite(storeDirectory().file('authz.db'))],
])('a moment of an organization over %s', (_, storeOf) => {
  test.each(commands)('is over once `%s` is done: %s', async (_method, _what, does) => {
    const both = await openBoth(storeOf())
    const moment = momentOf(both.engine)
    await does(both)
    expect(moment.isOver).toBe(true)
    expect(both.engine.atOnce.moment(acme)).not.toBe(moment)
  })

  test('is over for every one of several commands that are stored together', async () => {
    const { engine, staff } = await openBoth(storeOf())
    for (let round = 0; round < 3; round++) {
      const moments: Moment[] = [momentOf(engine)]
      const remember = () => {
        const moment = engine.atOnce.moment(acme)
        if (moment !== undefined) moments.push(moment)
      }
      const writes = [bob, ann].flatMap((who) => [
        engine.createGroup({ organizationId: acme, name: `G ${round} ${who.membershipId}` }).then(remember),
        engine.setMembershipStatus(acme, who, round % 2 === 0 ? 'inactive' : 'active').then(remember),
      ])
      await Promise.all(writes)
      await engine.renameGroup(acme, staff, { name: `Round ${round}` })
      expect(moments.filter(({ isOver }) => !isOver)).toEqual([])
    }
  })

  test('is over as soon as anybody is told that an organization is gone, and again once it is made anew', async () => {
    const { engine } = await openBoth(storeOf())
    const before = momentOf(engine)
    await engine.deleteOrganization(acme)
    expect(before.isOver).toBe(true)
    const gone = engine.atOnce.moment(acme)
    await engine.createOrganization({ id: acme, name: 'Acme again' })
    expect(gone?.isOver ?? true).toBe(true)
    expect(before.isOver).toBe(true)
    momentOf(engine)
  })

  test.each(modelChanges)('is over once `%s` is done: %s', async (_method, _what, does) => {
    const both = await openBoth(storeOf())
    const [here, there] = [momentOf(both.engine), momentOf(both.engine, globex)]
    await does(both)
    expect([here.isOver, there.isOver]).toEqual([true, true])
    // Of the model before: it is read again before anybody goes on with it.
    expect(both.engine.atOnce.moment(acme)).toBeUndefined()
    await may(both.engine, ann, 'workspace:manage', workspace('eng'))
    momentOf(both.engine)
  })

  test('is over when the engine is closed, and then there is none', async () => {
    const { engine } = await openBoth(storeOf())
    const moments = [momentOf(engine), momentOf(engine, globex)]
    const closing = engine.close()
    expect(moments.map(({ isOver }) => isOver)).toEqual([true, true])
    expect(engine.atOnce.moment(acme)).toBeUndefined()
    await closing
  })
})

test('every command and every change of the model is looked at', () => {
  const looked = new Set([...commands, ...modelChanges].map(([method]) => method))
  // The first of an organization, when nobody can have a moment of it.
  const known = new Set([...looked, 'createOrganization'])
  const all = [...methodsOf(OrganizationWriter), ...methodsOf(EnvironmentWriter)]
  expect(all.filter((method) => !known.has(method))).toEqual([])
})

test('writes by another origin end the same moment', async () => {
  const { engine } = await openBoth()
  const support = engine.as({ actor: { type: 'user', id: 'user_support' } })
  const moment = momentOf(engine)
  expect(support.atOnce.moment(acme)).toBe(moment)
  await support.setMembershipStatus(acme, ann, 'inactive')
  expect(moment.isOver).toBe(true)
})
