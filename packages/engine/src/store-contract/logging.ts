import { describe, expect, test } from 'vitest'
import type { Store } from '../store/store.js'
import { acme, draft, globex, member, put, stored } from './samples.js'
import { openerForTest, type StoreUnderTest } from './store-under-test.js'

/** All commits in one order. */
export function logging(open: () => Promise<StoreUnderTest>): void {
  const fresh = async () => (await openerForTest(open))()
  const placesIn = async (store: Store, after = 0, limit = 100) =>
    (await store.log({ after, limit })).map(({ position, commit }) => [
      position,
      commit.shard,
      commit.revision,
    ])

  describe('the log', () => {
    test('has every commit of every shard, in the order in which they were stored', async () => {
      const store = await fresh()
      expect(await store.lastPosition()).toBe(0)
      await stored(store, globex, 0, draft(put(member('om_1'))))
      await stored(store, acme, 0, draft(put(member('om_2'))), draft(put(member('om_3'))))
      await stored(store, globex, 1, draft())
      expect(await placesIn(store)).toEqual([
        [1, globex, 1],
        [2, acme, 1],
        [3, acme, 2],
        [4, globex, 2],
      ])
      expect(await store.lastPosition()).toBe(4)
      const [, second] = await store.log({ after: 0, limit: 2 })
      expect(second).toEqual({ position: 2, commit: (await store.commitsSince(acme, 0))[0] })
    })

    test('is read on from a position, strictly after it', async () => {
      const store = await fresh()
      for (let n = 0; n < 5; n++) await stored(store, acme, n, draft())
      expect(await placesIn(store, 2, 2)).toEqual([
        [3, acme, 3],
        [4, acme, 4],
      ])
      expect(await placesIn(store, 5)).toEqual([])
      expect(await placesIn(store, 99)).toEqual([])
      await stored(store, acme, 5, draft())
      expect(await placesIn(store, 5)).toEqual([[6, acme, 6]])
    })

    test('knows where each commit stands, and that others stand nowhere', async () => {
      const store = await fresh()
      const writes = [
        store.append(globex, 0, [draft(put(member('om_1')))]),
        store.append(acme, 0, [draft(put(member('om_2'))), draft(put(member('om_3')))]),
      ]
      await Promise.all(writes)
      await stored(store, globex, 1, draft())
      for (const { position, commit } of await store.log({ after: 0, limit: 9 }))
        expect(await store.positionOf?.(commit.shard, commit.revision)).toBe(position)
      expect(await store.positionOf?.(globex, 3)).toBeUndefined()
      expect(await store.positionOf?.(globex, 0)).toBeUndefined()
      expect(await store.positionOf?.(globex, -1)).toBeUndefined()
    })

    test('tells of one shard as many commits as are asked for, from any revision on', async () => {
      const store = await fresh()
      await stored(store, acme, 0, draft(), draft(), draft())
      await stored(store, globex, 0, draft())
      await stored(store, acme, 3, draft())
      const revisions = async (since: number, limit?: number) =>
        (await store.commitsSince(acme, since, limit)).map(({ revision }) => revision)
      expect(await revisions(0, 2)).toEqual([1, 2])
      expect(await revisions(1, 2)).toEqual([2, 3])
      expect(await revisions(2, 9)).toEqual([3, 4])
      expect(await revisions(4, 1)).toEqual([])
      expect(await revisions(9, 1)).toEqual([])
      expect(await revisions(0)).toEqual([1, 2, 3, 4])
    })

    test('has no place for what was not stored', async () => {
      const store = await fresh()
      await Promise.allSettled([
        store.append(acme, 0, [draft(put(member('om_1')))]),
        store.append(acme, 0, [draft(put(member('om_2')))]),
        store.append(globex, 0, [draft(put(member('om_1')))]),
        store.append(acme, 1, [draft({ op: 'remove', kind: 'membership', id: 'om_9' })]),
        store.append(globex, 0, [draft(put(member('om_3')))]),
      ])
      const places = await placesIn(store)
      expect(places.map(([position]) => position)).toEqual([1, 2])
      // Which came first is nobody's promise.
      expect(new Set(places.map(([, shard, revision]) => `${shard}@${revision}`))).toEqual(
        new Set([`${acme}@1`, `${globex}@1`]),
      )
    })

    test('misses nothing of what is written while it is read', async () => {
      const store = await fresh()
      const seen: unknown[] = []
      let position = 0
      const readOn = async () => {
        for (const entry of await store.log({ after: position, limit: 7 })) {
          expect(entry.position).toBe(++position)
          seen.push([entry.commit.shard, entry.commit.revision])
        }
      }
      for (let round = 0; round < 10; round++) {
        const writing = [acme, globex].flatMap((shard) =>
          [0, 1, 2].map((n) => store.append(shard, 3 * round + n, [draft()])),
        )
        await readOn()
        await Promise.all(writing)
      }
      while (position < (await store.lastPosition())) await readOn()
      expect(seen).toHaveLength(60)
      expect(new Set(seen.map((each) => JSON.stringify(each)))).toHaveProperty('size', 60)
    })

    test('goes on after a reopen', async () => {
      const opener = await openerForTest(open)
      const first = await opener()
      await stored(first, acme, 0, draft(put(member('om_1'))))
      await stored(first, globex, 0, draft(put(member('om_2'))))
      const before = await first.log({ after: 0, limit: 9 })
      await first.close()
      const second = await opener()
      expect(await second.log({ after: 0, limit: 9 })).toEqual(before)
      await stored(second, acme, 1, draft())
      expect(await placesIn(second, 2)).toEqual([[3, acme, 2]])
    })
  })
}
