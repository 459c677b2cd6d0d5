import { describe, expect, test } from 'vitest'
import { acme, contentOf, draft, globex, member, put, stored } from './samples.js'
import { openerForTest, type StoreUnderTest } from './store-under-test.js'

/** A second open while the first is not closed, and opening again. */
export function sharing(open: () => Promise<StoreUnderTest>): void {
  describe('a second open', () => {
    test('reads and appends beside the first where access is shared, is refused where it is exclusive', async () => {
      const opener = await openerForTest(open)
      const first = await opener()
      await stored(first, acme, 0, draft(put(member('om_1'))))
      if (first.access === 'exclusive') {
        await expect(opener()).rejects.toMatchObject({ name: 'StoreUnusable', code: 'store_locked' })
      } else {
        const second = await opener()
        expect(await second.append(acme, 0, [draft(put(member('om_2')))])).toEqual({
          kind: 'conflict',
          revision: 1,
        })
        expect(await second.append(globex, 0, [draft(put(member('om_1')))])).toMatchObject({ kind: 'taken' })
        await stored(second, acme, 1, draft(put(member('om_2'))))
        expect(await first.revision(acme)).toBe(2)
        expect(await first.commitsSince(acme, 1)).toEqual(await second.commitsSince(acme, 1))
        const rivals = [first, second].map((store) => store.append(acme, 2, [draft(put(member('om_3')))]))
        expect((await Promise.all(rivals)).map(({ kind }) => kind).sort()).toEqual(['appended', 'conflict'])
      }
      // The first is none the worse for it.
      await stored(first, globex, 0, draft(put(member('om_9'))))
      expect(await contentOf(first, globex)).toEqual([member('om_9')])
    })

    test('reaches the same data, under the same id, once the first is closed', async () => {
      const opener = await openerForTest(open)
      const first = await opener()
      await stored(first, acme, 0, draft(put(member('om_1'))))
      await first.close()
      const second = await opener()
      expect(second.id).toBe(first.id)
      expect(await contentOf(second, acme)).toEqual([member('om_1')])
      await stored(second, acme, 1, draft(put(member('om_2'))))
      expect(await second.revision(acme)).toBe(2)
    })

    test('two stores have two ids, and nothing in common', async () => {
      const one = await (await openerForTest(open))()
      const other = await (await openerForTest(open))()
      await stored(one, acme, 0, draft(put(member('om_1'))))
      expect(one.id).not.toBe(other.id)
      expect(await other.load(acme)).toBeUndefined()
    })
  })
}
