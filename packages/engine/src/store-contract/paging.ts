import { describe, expect, test } from 'vitest'
import type { StorePage } from '../store/range.js'
import type { Store } from '../store/store.js'
import { acme, draft, globex, member, put, remove, stored } from './samples.js'
import { openerForTest, type StoreUnderTest } from './store-under-test.js'

/** Lists in both directions, of one shard and over all. */
export function paging(open: () => Promise<StoreUnderTest>): void {
  const filled = async () => {
    const store = await (await openerForTest(open))()
    await stored(store, acme, 0, draft(...['a', 'c', 'e', 'g'].map((id) => put(member(id)))))
    await stored(store, globex, 0, draft(...['b', 'd', 'f'].map((id) => put(member(id)))))
    return store
  }
  const ids = async (store: Store, page: Parameters<Store['scan']>[1]) =>
    (await store.scan('membership', page)).map(({ entity }) => entity.id).join('')

  describe('a page of a scan', () => {
    test.each<[string, StorePage, all: string, ofAcme: string]>([
      ['from the beginning', { limit: 2 }, 'ab', 'ac'],
      ['from the end', { order: 'desc', limit: 2 }, 'gf', 'ge'],
      ['after a place', { after: 'c', limit: 2 }, 'de', 'eg'],
      ['after a place, descending', { after: 'e', order: 'desc', limit: 2 }, 'dc', 'ca'],
      ['before a place: what is nearest', { before: 'e', limit: 2 }, 'cd', 'ac'],
      ['before a place, descending', { before: 'c', order: 'desc', limit: 2 }, 'ed', 'ge'],
      ['between two places', { after: 'a', before: 'e', limit: 9 }, 'bcd', 'c'],
      ['between two places, descending', { after: 'e', before: 'a', order: 'desc', limit: 2 }, 'dc', 'c'],
      ['after an id that nobody has', { after: 'dd', limit: 2 }, 'ef', 'eg'],
      ['before an id that nobody has', { before: 'dd', limit: 1 }, 'd', 'c'],
      ['after the last', { after: 'g', limit: 2 }, '', ''],
      ['before the first', { before: 'a', limit: 2 }, '', ''],
      ['between places that have crossed', { after: 'e', before: 'c', limit: 2 }, '', ''],
      ['of all there is', { limit: 100 }, 'abcdefg', 'aceg'],
      ['of all there is, descending', { order: 'desc', limit: 100 }, 'gfedcba', 'geca'],
    ])('%s', async (_which, page, all, ofAcme) => {
      const store = await filled()
      expect(await ids(store, page)).toBe(all)
      expect(await ids(store, { ...page, shard: acme })).toBe(ofAcme)
      expect(await ids(store, { ...page, shard: 'org_nobody' as typeof acme })).toBe('')
    })

    test('of a shard follows what is put and removed there, and nowhere else', async () => {
      const store = await filled()
      await stored(store, acme, 1, draft(remove(member('c')), put(member('d2'))))
      await stored(store, globex, 1, draft(remove(member('d'))))
      expect(await ids(store, { shard: acme, limit: 9 })).toBe('ad2eg')
      expect(await ids(store, { shard: acme, order: 'desc', limit: 9 })).toBe('ged2a')
      expect(await ids(store, { shard: globex, limit: 9 })).toBe('bf')
    })

    test('names the shard, and holds the whole entities', async () => {
      const store = await filled()
      expect(await store.scan('membership', { shard: globex, limit: 1 })).toEqual([
        { shard: globex, entity: member('b').entity },
      ])
    })
  })
}
