import { describe, expect, test } from 'vitest'
import { linksOf, verifyChain } from '../chain/verify-chain.js'
import type { Store } from '../store/store.js'
import { acme, draft, globex, member, put, stored } from './samples.js'
import { openerForTest, type StoreUnderTest } from './store-under-test.js'

/** The log proves itself: each row covers the one before. */
export function chaining(open: () => Promise<StoreUnderTest>): void {
  const actor = { type: 'user', id: 'user_1', name: 'Ann' }
  const headOf = async (store: Store) => {
    const verdict = await verifyChain(linksOf(store))
    return verdict.kind === 'whole' ? verdict.head : undefined
  }

  describe('the chain of the log', () => {
    test('covers every commit, and where each comes from', async () => {
      const store = await (await openerForTest(open))()
      expect(await verifyChain(linksOf(store))).toEqual({
        kind: 'whole',
        commits: 0,
        since: 1,
        head: undefined,
      })
      await stored(store, acme, 0, { ...draft(put(member('om_1'))), origin: { actor, reason: 'a move' } })
      await stored(store, globex, 0, draft(), draft())
      expect(await store.lastPosition()).toBe(3)
      expect(await verifyChain(linksOf(store))).toMatchObject({ kind: 'whole', commits: 3, since: 1 })
      const [told, other] = await store.log({ after: 0, limit: 2 })
      expect(told?.commit.origin).toEqual({ actor, reason: 'a move' })
      expect(other?.commit).not.toHaveProperty('origin')
      expect((await store.commitsSince(acme, 0))[0]?.origin?.actor).toEqual(actor)
    })

    test('goes on after a reopen, and still holds what was its head', async () => {
      const opener = await openerForTest(open)
      const first = await opener()
      await stored(first, acme, 0, draft(put(member('om_1'))))
      await first.lastPosition()
      const head = await headOf(first)
      await first.close()
      const second = await opener()
      await stored(second, acme, 1, draft(put(member('om_2'))))
      await second.lastPosition()
      expect(await headOf(second)).not.toBe(head)
      expect(await verifyChain(linksOf(second), { head })).toMatchObject({ kind: 'whole', commits: 2 })
      expect(await verifyChain(linksOf(second), { head: 'f'.repeat(64) })).toMatchObject({
        kind: 'head_missing',
      })
    })

    test('is read on from a position', async () => {
      const store = await (await openerForTest(open))()
      for (let n = 0; n < 3; n++) await stored(store, acme, n, draft())
      await store.lastPosition()
      const all = await store.links({ after: 0, limit: 9 })
      expect(all).toHaveLength(3)
      expect(await store.links({ after: 1, limit: 1 })).toEqual(all.slice(1, 2))
      expect(await store.links({ after: 3, limit: 1 })).toEqual([])
    })
  })
}
