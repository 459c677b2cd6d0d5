import {
  type AnyEntity,
  type AssignmentId,
  type AssignmentRecord,
  type Change,
  environmentShard,
  type GroupId,
  type GroupMemberRecord,
  type MembershipId,
  type ResourceId,
  type RoleId,
  type UserId,
} from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { acme, ann, assign, bob, openAcme, project } from '../../fixtures/acme.js'
import { memoryStore } from '../../store/memory-store.js'
import type { Store } from '../../store/store.js'
import { verifyStore } from '../index.js'

describe('a store is verified', () => {
  test('and is as it should be, over every kind of thing that it holds', async () => {
    const store = await filled()
    expect(await verifyStore(store)).toMatchObject({ faults: [], faultCount: 0, shards: 3, notes: 1 })
  })

  test('and what is loaded is compared with what commits leave', async () => {
    const store = await filled()
    const one = await firstAssignment(store)
    const revision = await store.revision(acme)
    const all = [...((await store.load(acme))?.entities ?? [])]
    const holding = (...assignments: readonly AssignmentRecord[]) => {
      const others = all.filter(({ entity }) => entity.id !== one.id)
      const entities = [...others, ...assignments.map((entity) => ({ kind: 'assignment', entity }) as const)]
      return pretending(store, {
        load: async (shard) => (shard === acme ? { revision, entities } : store.load(shard)),
      })
    }
    expect(await faultsOf(holding(one))).toEqual([])
    expect(await faultsOf(holding())).toEqual([
      `the assignment \`${one.id}\` of \`${acme}\` is missing, and a commit left it there`,
    ])
    expect(await faultsOf(holding({ ...one, updatedAt: '2001-01-01T00:00:00.000Z' }))).toEqual([
      `the assignment \`${one.id}\` of \`${acme}\` is not what its last commit made it`,
    ])
    const strayId = `role_assignment_${'0'.repeat(26)}` as AssignmentId
    expect(await faultsOf(holding(one, { ...one, id: strayId }))).toEqual([
      `the assignment \`${strayId}\` of \`${acme}\` is there, and no commit leaves it there`,
    ])
    expect(await faultsOf(pretending(store, { load: async () => undefined }))).toContain(
      `\`${acme}\` stands at revision 0, and its last commit is ${revision}`,
    )
  })

  test('and the log must go on commit by commit', async () => {
    const store = await filled()
    const log: Store['log'] = async (page) =>
      (await store.log(page)).filter(({ commit }) => commit.shard !== acme || commit.revision !== 2)
    expect(await faultsOf(pretending(store, { log }))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^the log lacks what is before position \d+$/),
        `commit 3 of \`${acme}\` follows commit 1 of it in the log`,
      ]),
    )
  })

  test('and everything is found by its look-ups, and stands in no shard but its own', async () => {
    const store = await filled()
    expect(await faultsOf(pretending(store, { lookup: async () => [] }))).toEqual(
      expect.arrayContaining([
        'the membership `om_ann` is not found by its `membership_user`',
        'the user `user_ann` is not found by its `user_email`',
      ]),
    )
    for (const other of ['user:user_eve', acme]) {
      const scan: Store['scan'] = async (kind, page) =>
        (await store.scan(kind, page)).map((each) =>
          kind === 'user' ? { ...each, shard: other as never } : each,
        )
      expect(await faultsOf(pretending(store, { scan }))).toEqual([
        `the user \`user_ann\` stands in \`${other}\`, which no commit says`,
      ])
    }
  })

  test.each([
    ['role', 'role_gone', { roleId: 'role_gone' as RoleId }],
    ['resource', 'res_gone', { resourceId: 'res_gone' as ResourceId }],
    ['resource', 'res_gone', { subject: { kind: 'agent', id: 'res_gone' as ResourceId } }],
    ['group', 'group_gone', { subject: { kind: 'group', id: 'group_gone' as GroupId } }],
  ] as const)('and a %s that is named must be there', async (noun, name, over) => {
    const store = await filled()
    const one = await firstAssignment(store)
    const id = `role_assignment_${'0'.repeat(26)}` as AssignmentId
    const put = (entity: AssignmentRecord): Change => ({ op: 'put', kind: 'assignment', entity })
    await store.append(acme, await store.revision(acme), [{ at: '', changes: [put({ ...one, id })] }])
    expect(await faultsOf(store)).toEqual([])
    await store.append(acme, await store.revision(acme), [
      { at: '', changes: [put({ ...one, id, ...over })] },
    ])
    expect(await faultsOf(store)).toEqual([
      `the assignment \`${id}\` of \`${acme}\` names ${noun} \`${name}\`, which is not there`,
      expect.stringMatching(/^no check can be decided in `org_acme`/),
    ])
  })

  test.each<readonly [string, (there: AnyEntity) => AnyEntity | undefined]>([
    ['membership `om_gone`', ofMember(({ groupId }) => [groupId, 'om_gone' as MembershipId])],
    ['group `group_gone`', ofMember(({ membershipId }) => ['group_gone' as GroupId, membershipId])],
    [
      'role `role_gone`',
      (each) =>
        each.kind === 'membership'
          ? { kind: 'membership', entity: { ...each.entity, roleIds: ['role_gone' as RoleId] } }
          : undefined,
    ],
    [
      'resource type `nowhere`',
      (each) =>
        each.kind === 'resource' && each.entity.externalId === 'web'
          ? { kind: 'resource', entity: { ...each.entity, type: 'nowhere' } }
          : undefined,
    ],
  ])('and what else is named must be there: %s', async (name, broken) => {
    const store = await filled()
    const [put] = [...((await store.load(acme))?.entities ?? [])].flatMap((each) => broken(each) ?? [])
    if (put === undefined) throw new Error('there is nothing of that kind')
    const change = { op: 'put', ...put } as Change
    await store.append(acme, await store.revision(acme), [{ at: '', changes: [change] }])
    expect(await faultsOf(store)).toContain(
      `the ${put.kind} \`${put.entity.id}\` of \`${acme}\` names ${name}, which is not there`,
    )
  })

  test('and no resource lies under itself, also far from the root', async () => {
    const store = await filled()
    const resources = [...((await store.load(acme))?.entities ?? [])].flatMap((each) =>
      each.kind === 'resource' ? [each.entity] : [],
    )
    const [eng, web] = ['eng', 'web'].map((wanted) =>
      resources.find(({ externalId }) => externalId === wanted),
    )
    if (eng === undefined || web === undefined) throw new Error('there is no such resource')
    const entity = { ...eng, parentId: web.id }
    const change: Change = { op: 'put', kind: 'resource', entity }
    await store.append(acme, await store.revision(acme), [{ at: '', changes: [change] }])
    expect(await faultsOf(store)).toContain(`the resource \`${web.id}\` of \`${acme}\` lies under itself`)
  })

  test('and the model must hold together', async () => {
    const store = await filled()
    const loaded = [...((await store.load(environmentShard))?.entities ?? [])]
    const role = loaded.find((each) => each.kind === 'role')
    if (role?.kind !== 'role') throw new Error('there is no role')
    const entity = { ...role.entity, on: 'nowhere' }
    const change: Change = { op: 'put', kind: 'role', entity }
    await store.append(environmentShard, await store.revision(environmentShard), [
      { at: '', changes: [change] },
    ])
    expect(await faultsOf(store)).toEqual([expect.stringMatching(/^the model cannot be read: .*nowhere/)])
  })

  test('while others write to it', async () => {
    const store = await filled()
    let writes = 0
    const load: Store['load'] = async (shard) => {
      const userId = `user_${++writes}` as UserId
      const [member] = await store.scan('membership', { limit: 1 })
      if (member === undefined) throw new Error('there is no membership')
      const entity = { ...member.entity, id: `om_${writes}` as typeof member.entity.id, userId }
      await store.append(acme, await store.revision(acme), [
        { at: '', changes: [{ op: 'put', kind: 'membership', entity }] },
      ])
      return store.load(shard)
    }
    expect(await faultsOf(pretending(store, { load }))).toEqual([])
    expect(writes).toBeGreaterThan(2)
  })

  test('and a medium that fails is no verdict', async () => {
    const store = await filled()
    await store.close()
    await expect(verifyStore(store)).rejects.toMatchObject({ code: 'store_unavailable' })
  })
})

/** A store with every kind of thing in it. */
async function filled(): Promise<Store> {
  const opener = memoryStore()
  const engine = await openAcme({ store: opener })
  await assign(engine, ann, 'project-editor', project('web'))
  const gone = await assign(engine, bob, 'project-editor', project('site'))
  await engine.createGroup({ organizationId: acme, name: 'Staff' })
  const [group] = await engine.listGroups(acme)
  if (group === undefined) throw new Error('there is no group')
  await engine.addGroupMember(acme, group.id, ann)
  await assign(engine, { groupId: group.id }, 'project-editor', project('web'))
  await engine.removeAssignment(acme, gone.id)
  await assign(engine, bob, 'project-editor', project('web'))
  await engine.createUser({ id: 'user_ann' as UserId, email: 'Ann@acme.example', externalId: 'a' })
  await engine.notebook.write('api_keys', 'hash', 'a key')
  return opener()
}

async function firstAssignment(store: Store): Promise<AssignmentRecord> {
  const [first] = await store.scan('assignment', { shard: acme, limit: 1 })
  if (first === undefined) throw new Error('there is no assignment')
  return first.entity
}

function pretending(store: Store, other: Partial<Store>): Store {
  return new Proxy(store, {
    get: (target, name) => {
      const value = name in other ? other[name as keyof Store] : target[name as keyof Store]
      return typeof value === 'function' ? value.bind(name in other ? other : target) : value
    },
  })
}

/** Of all that is there, a member of a group, with other ids. */
function ofMember(idsOf: (member: GroupMemberRecord) => readonly [GroupId, MembershipId]) {
  return (each: AnyEntity): AnyEntity | undefined => {
    if (each.kind !== 'group_member') return undefined
    const [groupId, membershipId] = idsOf(each.entity)
    const id = `${groupId}/${membershipId}` as const
    return { kind: 'group_member', entity: { ...each.entity, id, groupId, membershipId } }
  }
}

async function faultsOf(store: Store): Promise<readonly string[]> {
  return (await verifyStore(store)).faults
}
