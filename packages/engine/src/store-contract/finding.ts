import { describe, expect, test } from 'vitest'
import { acme, draft, globex, member, put, remove, resource, scannedIds, stored } from './samples.js'
import { openerForTest, type StoreUnderTest } from './store-under-test.js'

/** By id, and by cursor, over all shards. */
export function finding(open: () => Promise<StoreUnderTest>): void {
  const fresh = async () => (await openerForTest(open))()

  describe('find', () => {
    test('finds an entity in whichever shard it lives, as it is now', async () => {
      const store = await fresh()
      const now = member('om_1', { status: 'inactive' })
      await stored(store, globex, 0, draft(put(member('om_1'))), draft(put(now)))
      expect(await store.find('membership', 'om_1')).toEqual({ shard: globex, entity: now.entity })
    })

    test('finds nothing under another kind, another case, or an id that was removed', async () => {
      const store = await fresh()
      await stored(store, acme, 0, draft(put(member('om_a')), put(member('om_b'))))
      await stored(store, acme, 1, draft(remove(member('om_b'))))
      expect(await store.find('membership', 'om_a')).toBeDefined()
      expect(await store.find('resource', 'om_a')).toBeUndefined()
      expect(await store.find('membership', 'om_A')).toBeUndefined()
      expect(await store.find('membership', 'om_a ')).toBeUndefined()
      expect(await store.find('membership', 'om_b')).toBeUndefined()
      expect(await store.find('membership', 'constructor')).toBeUndefined()
    })

    test('`Doc1` and `doc1` are two entities', async () => {
      const store = await fresh()
      await stored(store, acme, 0, draft(put(resource('Doc1'))))
      await stored(store, globex, 0, draft(put(resource('doc1'))))
      expect(await store.find('resource', 'Doc1')).toMatchObject({ shard: acme, entity: { id: 'Doc1' } })
      expect(await store.find('resource', 'doc1')).toMatchObject({ shard: globex, entity: { id: 'doc1' } })
    })
  })

  describe('scan', () => {
    test.each([1, 2, 3, 100])(
      'meets each id of a kind once, in byte order, in pages of %i',
      async (limit) => {
        const store = await fresh()
        const ids = ['a', 'B', 'b', 'Doc1', 'doc1', 'a-b', 'a_b', 'a.b', '~', '0', '10', '9', 'ab']
        for (const [n, id] of ids.entries()) {
          await stored(store, `org_${n % 3}` as typeof acme, Math.floor(n / 3), draft(put(resource(id))))
        }
        await stored(store, acme, 0, draft(put(member('c'))))
        expect(await scannedIds(store, 'resource', limit)).toEqual([
          '0',
          '10',
          '9',
          'B',
          'Doc1',
          'a',
          'a-b',
          'a.b',
          'a_b',
          'ab',
          'b',
          'doc1',
          '~',
        ])
      },
    )

    test('begins strictly after the cursor, whether or not that id exists', async () => {
      const store = await fresh()
      await stored(store, acme, 0, draft(put(member('om_a')), put(member('om_c')), put(member('om_e'))))
      const idsAfter = async (after: string) =>
        (await store.scan('membership', { after, limit: 9 })).map(({ entity }) => entity.id)
      expect(await idsAfter('')).toEqual(['om_a', 'om_c', 'om_e'])
      expect(await idsAfter('om_a')).toEqual(['om_c', 'om_e'])
      expect(await idsAfter('om_b')).toEqual(['om_c', 'om_e'])
      expect(await idsAfter('om_e')).toEqual([])
    })

    test('follows what is put and removed between two pages', async () => {
      const store = await fresh()
      await stored(store, acme, 0, draft(put(member('om_a')), put(member('om_c')), put(member('om_e'))))
      const idsAfter = async (after: string) =>
        (await store.scan('membership', { after, limit: 9 })).map(({ entity }) => entity.id)
      expect(await idsAfter('om_a')).toEqual(['om_c', 'om_e'])
      await stored(store, acme, 1, draft(remove(member('om_c'))))
      expect(await idsAfter('om_a')).toEqual(['om_e'])
      await stored(store, globex, 0, draft(put(member('om_b'))))
      expect(await idsAfter('om_a')).toEqual(['om_b', 'om_e'])
    })

    test('names the shard of each entity', async () => {
      const store = await fresh()
      await stored(store, acme, 0, draft(put(member('om_b'))))
      await stored(store, globex, 0, draft(put(member('om_a'))))
      expect(await store.scan('membership', { limit: 9 })).toEqual([
        { shard: globex, entity: member('om_a').entity },
        { shard: acme, entity: member('om_b').entity },
      ])
    })

    test('a kind that nobody holds is an empty page', async () => {
      const store = await fresh()
      await stored(store, acme, 0, draft(put(member('om_1'))))
      expect(await store.scan('organization', { limit: 10 })).toEqual([])
    })
  })
}
