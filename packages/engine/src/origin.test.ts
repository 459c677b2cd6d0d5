import { InputInvalid, type Origin } from '@bailiwick/core'
import { expect, test } from 'vitest'
import { acme, ann, assign, model, openAcme } from './fixtures/acme.js'
import { openEngine } from './open-engine.js'
import { memoryStore } from './store/memory-store.js'

const byAnn: Origin = { actor: { type: 'user', id: 'user_ann', name: 'Ann' }, requestId: 'req_1' }
const byJob: Origin = { actor: { type: 'job', id: 'nightly' }, reason: 'cleaning up' }

test('a commit says where it comes from, in whichever shard it is', async () => {
  const engine = await openAcme({ store: memoryStore() })
  const after = await engine.changes.lastPosition()
  await engine.as(byAnn).createGroup({ organizationId: acme, name: 'Crew' })
  await engine.as(byAnn).createPermission({ slug: 'audit:read' })
  const { value: user } = await engine.as(byAnn).createUser({})
  await engine.as(byJob).deleteUser(user.id)
  await engine.createGroup({ organizationId: acme, name: 'Team' })
  const origins = (await engine.log({ after, limit: 9 })).map(({ commit }) => commit.origin)
  expect(origins).toEqual([byAnn, byAnn, byAnn, byJob, undefined])
})

test('writers that share an append each say their own', async () => {
  const engine = await openAcme({ store: memoryStore() })
  const after = await engine.changes.lastPosition()
  await Promise.all([
    engine.as(byAnn).createGroup({ organizationId: acme, name: 'a' }),
    engine.as(byJob).createGroup({ organizationId: acme, name: 'b' }),
    assign(engine, ann, 'accountant'),
  ])
  const origins = (await engine.log({ after, limit: 9 })).map(({ commit }) => commit.origin)
  expect(origins).toEqual([byAnn, byJob, undefined])
})

test('what one of them has written, all see at once', async () => {
  const engine = await openAcme({ store: memoryStore({ access: 'exclusive' }) })
  const { value: group } = await engine.as(byAnn).createGroup({ organizationId: acme, name: 'Crew' })
  expect(await engine.as(byJob).findGroup(acme, group.id)).toEqual(group)
  expect(await engine.findGroup(acme, group.id)).toEqual(group)
})

test('a model that an engine is opened with is applied by the system', async () => {
  const engine = await openEngine({ store: memoryStore(), model })
  const [first] = await engine.log({ after: 0, limit: 1 })
  expect(first?.commit.origin?.actor.type).toBe('system')
})

test.each([
  [{ actor: { type: 'User', id: 'x' } }, 'actor.type'],
  [{ actor: { type: 'user', id: '' } }, 'actor.id'],
  [{ actor: { type: 'user', id: 'x\n' } }, 'actor.id'],
  [{ actor: { type: 'user', id: 'x'.repeat(257) } }, 'actor.id'],
  [{ actor: { type: 'user', id: 'x' }, reason: '\u0000' }, 'reason'],
])('an origin that is none is refused: %j', async (origin, field) => {
  const engine = await openAcme({ store: memoryStore() })
  expect(() => engine.as(origin)).toThrow(InputInvalid)
  expect(() => engine.as(origin)).toThrow(field)
})
