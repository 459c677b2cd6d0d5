import { describe, expect, test, vi } from 'vitest'
import { acme, draft, globex, member, put, stored } from './samples.js'
import { openerForTest, type StoreUnderTest } from './store-under-test.js'

/** Who hears of what, and when. */
export function watching(open: () => Promise<StoreUnderTest>): void {
  const fresh = async () => (await openerForTest(open))()

  describe('watch', () => {
    test('tells each revision of each shard once, in order, before the append resolves', async () => {
      const store = await fresh()
      const heard: [string, number][] = []
      store.watch((shard, revision) => heard.push([shard, revision]))
      await stored(store, acme, 0, draft(put(member('om_1'))), draft(put(member('om_2'))))
      expect(heard).toEqual([
        [acme, 1],
        [acme, 2],
      ])
      await stored(store, globex, 0, draft(put(member('om_3'))))
      expect(heard.slice(2)).toEqual([[globex, 1]])
    })

    test('tells nothing of an append that was not stored', async () => {
      const store = await fresh()
      await stored(store, acme, 0, draft(put(member('om_1'))))
      const listener = vi.fn()
      store.watch(listener)
      await store.append(acme, 0, [draft(put(member('om_2')))])
      await store.append(globex, 0, [draft(put(member('om_1')))])
      expect(listener).not.toHaveBeenCalled()
    })

    test('what is heard can be read', async () => {
      const store = await fresh()
      const reads: Promise<readonly unknown[]>[] = []
      store.watch((shard, revision) => reads.push(store.commitsSince(shard, revision - 1)))
      await stored(store, acme, 0, draft(put(member('om_1'))))
      expect(await reads[0]).toMatchObject([{ revision: 1 }])
    })

    test('stops for the one who asked, and for nobody else', async () => {
      const store = await fresh()
      const [leaving, staying] = [vi.fn(), vi.fn()]
      const stop = store.watch(leaving)
      store.watch(staying)
      stop()
      stop()
      await stored(store, acme, 0, draft(put(member('om_1'))))
      expect(leaving).not.toHaveBeenCalled()
      expect(staying).toHaveBeenCalledExactlyOnceWith(acme, 1)
    })
  })
}
