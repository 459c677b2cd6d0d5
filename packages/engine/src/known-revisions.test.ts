import {
  type CheckOptions,
  type ConsistencyToken,
  environmentShard,
  type OrganizationId,
  type Revision,
  type ShardId,
  type UserId,
  userShard,
} from '@bailiwick/core'
import { expect, test } from 'vitest'
import { writeToken } from './consistency-token.js'
import { acme, ann, assign, may, openAcme } from './fixtures/acme.js'
import { openEngine } from './open-engine.js'
import { memoryStore } from './store/memory-store.js'
import type { Store } from './store/store.js'

/** A store that others write, and that has heard of what this says; it counts how often it is asked. */
function hearing(store: Store, heard: Map<ShardId, Revision>) {
  let asked = 0
  const known = new Proxy(store, {
    get(target, property) {
      if (property === 'known') return (shard: ShardId) => heard.get(shard)
      if (property === 'revision' || property === 'load' || property === 'commitsSince') asked++
      const value = Reflect.get(target, property, target) as unknown
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { known, asked: () => asked }
}

test('a shared store that knows its revisions by itself is asked only when they have moved', async () => {
  const store = memoryStore()
  const writer = await openAcme({ store })
  const own = await store()
  const heard = new Map<ShardId, Revision>()
  const listen = async () => {
    for (const shard of [acme, environmentShard] as const) heard.set(shard, await own.revision(shard))
  }
  await listen()
  const { known, asked } = hearing(await store(), heard)
  const reader = await openEngine({ store: async () => known, consistency: 'bounded' })
  const project = { type: 'project', externalId: 'site' }
  const before = await may(reader, ann, 'project:edit', project)
  const atFirst = asked()
  expect(await may(reader, ann, 'project:edit', project)).toBe(before)
  expect(asked()).toBe(atFirst)

  await assign(writer, ann, 'project-editor', project)
  expect(await may(reader, ann, 'project:edit', project)).toBe(before)
  await listen()
  expect(await may(reader, ann, 'project:edit', project)).toBe('allow')
  expect(asked()).toBeGreaterThan(atFirst)

  await writer.updateRole('project-editor', { permissions: { remove: ['project:edit'] } })
  await listen()
  expect(await may(reader, ann, 'project:edit', project)).not.toBe('allow')
})

test('who asks for more than was heard is given it: the latest, or what a token names', async () => {
  const store = memoryStore()
  const writer = await openAcme({ store })
  const own = await store()
  const heard = new Map<ShardId, Revision>()
  for (const shard of [acme, environmentShard] as const) heard.set(shard, await own.revision(shard))
  const reader = await openEngine({ store: async () => hearing(own, heard).known, consistency: 'bounded' })
  const resource = { type: 'project', externalId: 'site' } as const
  const question = { organizationId: acme, subject: ann, permission: 'project:edit', resource }
  const decided = async (consistency?: CheckOptions['consistency']) =>
    (await reader.check(question, consistency && { consistency })).kind
  expect(await decided()).toBe('deny')

  const editor = { organizationId: acme, subject: ann, role: 'project-editor', resource } as const
  const given = await writer.assignRole(editor)
  expect(await decided()).toBe('deny')
  expect(await decided({ atLeast: given.token })).toBe('allow')
  await writer.removeAssignment(acme, given.value.id)
  expect(await decided('bounded')).toBe('allow')
  expect(await decided('latest')).toBe('deny')

  await writer.assignRole(editor)
  const { token } = await writer.updateRole('project-editor', { permissions: { remove: ['project:edit'] } })
  expect(await decided({ atLeast: token })).toBe('deny')
})

test.each(['latest', 'a token'])('where something lives now is told to who asks for %s', async (wanted) => {
  const store = memoryStore()
  const writer = await openAcme({ store })
  const globex = 'org_globex' as OrganizationId
  await writer.createOrganization({ id: globex, name: 'Globex' })
  const own = await store()
  const heard = new Map<ShardId, Revision>()
  for (const shard of [acme, environmentShard] as const) heard.set(shard, await own.revision(shard))
  const reader = await openEngine({ store: async () => hearing(own, heard).known, consistency: 'bounded' })
  expect(await reader.organizationOf(ann.membershipId)).toBe(acme)
  await may(reader, ann, 'project:edit')

  await writer.deleteMembership(acme, ann)
  const { token } = await writer.createMembership({
    organizationId: globex,
    userId: 'user_ann',
    id: ann.membershipId,
  })
  for (const how of [undefined, { consistency: 'bounded' }] as const)
    expect(await reader.organizationOf(ann.membershipId, how), 'at most a second behind').toBe(acme)
  const consistency = wanted === 'latest' ? wanted : { atLeast: token }
  expect(await reader.organizationOf(ann.membershipId, { consistency })).toBe(globex)
})

test('a token from the future is waited for; when it does not come in time, that is an error', async () => {
  const store = memoryStore()
  const writer = await openAcme({ store })
  const reader = await openEngine({ store })
  const own = await store()
  const tokenOf = (shard: ShardId, revision: number) => writeToken({ store: own.id, shard, revision })
  const asked = (token: ConsistencyToken, signal?: AbortSignal) =>
    reader.isExcludedSomewhere(acme, 'project:edit', {
      consistency: { atLeast: token },
      ...(signal && { signal }),
    })
  const waiting = asked(tokenOf(acme, (await own.revision(acme)) + 1))
  await writer.createExclusion({ organizationId: acme, subject: ann, permission: 'project:edit' })
  expect(await waiting).toBe(true)

  const beyond = tokenOf(userShard('user_1' as UserId), 7)
  const impatience = new AbortController()
  const brokenOff = asked(beyond, impatience.signal)
  impatience.abort(new Error('no longer'))
  await expect(brokenOff).rejects.toThrow('no longer')
  await expect(asked(beyond)).rejects.toMatchObject({
    code: 'consistency_unreachable',
    wanted: 7,
    reached: 0,
  })
})

test('an organization that is far behind is read anew, and one that is not is followed', async () => {
  const store = memoryStore()
  const writer = await openAcme({ store })
  const own = await store()
  let loads = 0
  const counted = new Proxy(own, {
    get(target, property) {
      if (property === 'load') loads++
      const value = Reflect.get(target, property, target) as unknown
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const reader = await openEngine({ store: async () => counted })
  const project = { type: 'project', externalId: 'site' }
  const loadedFor = async (commits: number) => {
    const before = loads
    for (let n = 0; n < commits; n++) await writer.renameResource(acme, project, { name: `Site ${n}` })
    await assign(writer, ann, 'project-editor', project)
    expect(await may(reader, ann, 'project:edit', project)).toBe('allow')
    await writer.replaceAssignments(acme, ann, [])
    return loads - before
  }
  await loadedFor(0)
  expect(await loadedFor(4_000)).toBe(0)
  expect(await loadedFor(5_000)).toBe(1)
})
