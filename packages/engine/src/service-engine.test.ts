import type { OrganizationId, ServiceEngine } from '@bailiwick/core'
import { compileModel } from '@bailiwick/core'
import { expect, test } from 'vitest'
import { acme, ann, definition, may, openAcme } from './fixtures/acme.js'
import { watchedStore } from './fixtures/watched-store.js'
import { openEngine } from './open-engine.js'
import { storeDirectory } from './sqlite/fixtures/store-directory.js'
import { sqlite } from './sqlite/sqlite.js'
import { memoryStore } from './store/memory-store.js'

test.each([
  ['memory', () => memoryStore({ access: 'exclusive' })],
  ['SQLite', () => sqlite(storeDirectory().file('authz.db'))],
])('a service has users, one log and notes of its own, over %s', async (_, storeOf) => {
  const store = storeOf()
  const engine: ServiceEngine = await openAcme({ store })
  const globex = 'org_globex' as OrganizationId
  await engine.createOrganization({ id: globex, name: 'Globex' })
  await engine.createMembership({ organizationId: globex, userId: 'user_ann', roles: ['editor'] })

  expect(await engine.findUser({ id: 'user_ann' })).toBeUndefined()
  expect(await engine.ensureUser('user_ann')).toMatchObject({ id: 'user_ann', email: null })
  await engine.updateUser('user_ann', { email: 'ann@acme.test' })
  expect(await engine.findUser({ email: 'ANN@acme.test' })).toMatchObject({ id: 'user_ann' })
  const { value: eve } = await engine.createUser({ email: 'eve@acme.test' })
  expect((await engine.listUsers({})).items.map(({ id }) => id).sort()).toEqual([eve.id, 'user_ann'].sort())
  expect((await engine.listUsers({ organizationId: globex })).items).toMatchObject([{ id: 'user_ann' }])

  await engine.deleteUser('user_ann')
  expect((await engine.listMemberships({ userId: 'user_ann' })).items).toEqual([])
  expect(await may(engine, ann, 'project:view')).toBe('membership_unknown')
  expect(await engine.findMembership(acme, { userId: 'user_bob' })).toBeDefined()

  const log = await engine.log({ after: 0, limit: 100 })
  expect(log.map(({ position }) => position)).toEqual(log.map((_entry, n) => n + 1))
  expect(new Set(log.map(({ commit }) => commit.shard))).toEqual(
    new Set(['environment', acme, globex, 'user:user_ann', `user:${eve.id}`]),
  )

  await engine.notebook.write('keys', 'one', 'hash')
  await engine.close()
  const reopened = await openEngine({ store })
  expect(await reopened.notebook.read('keys', 'one')).toBe('hash')
  await reopened.close()
})

test('of two that open an empty store at once, the one with a model is not undone by the one without', async () => {
  const store = memoryStore()
  let other: Promise<unknown> | undefined
  const { open } = watchedStore(store, async (method, call) => {
    // The other one has its model stored just before this one begins a new environment.
    if (method === 'append') {
      other ??= openEngine({ store, model: compileModel(definition) })
      await other
    }
    return call()
  })
  const engine = await openEngine({ store: open })
  expect(engine.model.roles.has('workspace-admin')).toBe(true)
  expect(engine.model.roles.has('admin')).toBe(false)
})
