import { environmentShard } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import type { Store } from '../store/store.js'
import { acme, contentOf, draft, globex, member, put, scannedIds, stored } from './samples.js'
import { openerForTest, type StoreUnderTest } from './store-under-test.js'

/** Appends that rest on another shard, and those that wait for them. */
export function conditions(open: () => Promise<StoreUnderTest>): void {
  const fresh = async () => (await openerForTest(open))()
  const given = (revision: number) => ({ given: { shard: environmentShard, revision } }) as const
  const ofEnvironment = (store: Store, expected: number) =>
    store.append(environmentShard, expected, [draft(put(member(`om_of_environment_${expected}`)))])

  describe('an append that is given the revision of another shard', () => {
    test('is stored while that is so, and a conflict once it is not', async () => {
      const store = await fresh()
      expect(await store.append(acme, 0, [draft(put(member('om_1')))], given(0))).toMatchObject({
        kind: 'appended',
      })
      await ofEnvironment(store, 0)
      const late = [draft(put(member('om_2')))] as const
      expect(await store.append(acme, 1, late, given(0))).toEqual({ kind: 'conflict', revision: 1 })
      expect(await store.append(acme, 1, late, given(2))).toEqual({ kind: 'conflict', revision: 1 })
      expect(await contentOf(store, acme)).toEqual([member('om_1')])
      expect(await store.append(acme, 1, late, given(1))).toEqual({ kind: 'appended', revision: 2 })
    })

    test('still needs its own revision, and ids that are free', async () => {
      const store = await fresh()
      await stored(store, globex, 0, draft(put(member('om_1'))))
      expect(await store.append(acme, 3, [draft(put(member('om_2')))], given(0))).toMatchObject({
        kind: 'conflict',
      })
      expect(await store.append(acme, 0, [draft(put(member('om_1')))], given(0))).toMatchObject({
        kind: 'taken',
      })
    })
  })

  describe('an append that waits for a yes', () => {
    const met = async (reader: Pick<Store, 'scan'>) =>
      (await reader.scan('membership', { limit: 100 })).map(({ entity }) => entity.id as string)

    test('is stored after a yes; after a no, or a failure, nothing is', async () => {
      const store = await fresh()
      const drafts = [draft(put(member('om_1')))] as const
      expect(await store.append(environmentShard, 0, drafts, { when: async () => false })).toEqual({
        kind: 'refused',
      })
      const failing = store.append(environmentShard, 0, drafts, {
        when: () => Promise.reject(new Error('cannot tell')),
      })
      await expect(failing).rejects.toThrow('cannot tell')
      expect(await store.load(environmentShard)).toBeUndefined()
      expect(await store.append(environmentShard, 0, drafts, { when: async () => true })).toEqual({
        kind: 'appended',
        revision: 1,
      })
      // Nobody is locked out by any of them.
      expect(await store.append(acme, 0, [draft(put(member('om_2')))], given(1))).toMatchObject({
        kind: 'appended',
      })
    })

    test('sees what was stored before, by its id too', async () => {
      const store = await fresh()
      await stored(store, acme, 0, draft(put(member('om_1'))))
      const seen: unknown[] = []
      await store.append(environmentShard, 0, [draft(put(member('om_2')))], {
        when: async (reader) => {
          seen.push(await met(reader), (await reader.find('membership', 'om_1'))?.shard)
          return true
        },
      })
      expect(seen).toEqual([['om_1'], acme])
    })

    test('sees every append that was given what it changes, or leaves it none of that', async () => {
      const store = await fresh()
      const ids = Array.from({ length: 12 }, (_, n) => `om_${n}`)
      let seen: readonly string[] = []
      const given0 = async (id: string) => {
        const drafts = [draft(put(member(id)))] as const
        return { id, kind: (await store.append(`org_of_${id}` as typeof acme, 0, drafts, given(0))).kind }
      }
      const before = ids.slice(0, 6).map(given0)
      const after: ReturnType<typeof given0>[] = []
      const change = store.append(environmentShard, 0, [draft(put(member('om_of_environment')))], {
        // A store may ask again, when it could not be sure of what was seen.
        when: async (reader) => {
          // Those that come now find it on its way.
          after.push(...ids.slice(6).map(given0))
          await new Promise((resolve) => setTimeout(resolve, 20))
          seen = await met(reader)
          return true
        },
      })
      expect((await change).kind).toBe('appended')
      const results = await Promise.all([...before, ...after])
      const storedIds = results.filter(({ kind }) => kind === 'appended').map(({ id }) => id)
      expect([...seen].sort()).toEqual([...storedIds].sort())
      expect(results.slice(-6).map(({ kind }) => kind)).toEqual(Array(6).fill('conflict'))
      expect((await scannedIds(store, 'membership', 100)).filter((id) => ids.includes(id))).toEqual(
        [...storedIds].sort(),
      )
    })

    test('is a conflict when somebody else was faster', async () => {
      const store = await fresh()
      await ofEnvironment(store, 0)
      expect(
        await store.append(environmentShard, 0, [draft(put(member('om_1')))], { when: async () => true }),
      ).toEqual({ kind: 'conflict', revision: 1 })
    })
  })
}
