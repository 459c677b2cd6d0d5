import { environmentShard } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { acme, contentOf, draft, globex, member, put, remove, resource, stored } from './samples.js'
import { openerForTest, type StoreUnderTest } from './store-under-test.js'

/** Revisions, conflicts, all or none, one id in one place. */
export function appending(open: () => Promise<StoreUnderTest>): void {
  const fresh = async () => (await openerForTest(open))()

  describe('append', () => {
    test('the first commit of a shard is its revision 1, and each draft is one more', async () => {
      const store = await fresh()
      expect(await store.append(acme, 0, [draft(put(member('om_1')))])).toEqual({
        kind: 'appended',
        revision: 1,
      })
      const two = [draft(put(member('om_2'))), draft(put(member('om_3')))] as const
      expect(await store.append(acme, 1, two)).toEqual({ kind: 'appended', revision: 3 })
      expect(await store.revision(acme)).toBe(3)
    })

    test('a shard that was never written is at revision 0 and does not load', async () => {
      const store = await fresh()
      await stored(store, acme, 0, draft(put(member('om_1'))))
      expect(await store.revision(globex)).toBe(0)
      expect(await store.load(globex)).toBeUndefined()
      expect(await store.commitsSince(globex, 0)).toEqual([])
    })

    test.each([
      ['behind', 0],
      ['ahead', 2],
    ])('an expected revision that is %s conflicts, and stores nothing', async (_which, expected) => {
      const store = await fresh()
      await stored(store, acme, 0, draft(put(member('om_1'))))
      expect(await store.append(acme, expected, [draft(put(member('om_2')))])).toEqual({
        kind: 'conflict',
        revision: 1,
      })
      expect(await contentOf(store, acme)).toEqual([member('om_1')])
      expect(await store.commitsSince(acme, 0)).toHaveLength(1)
      expect(await store.find('membership', 'om_2')).toBeUndefined()
    })

    test('of two appends at once at one revision, exactly one is stored', async () => {
      const store = await fresh()
      const rivals = Array.from({ length: 8 }, (_, n) =>
        store.append(acme, 0, [draft(put(member(`om_${n}`)))]),
      )
      const results = await Promise.all(rivals)
      expect(results.filter(({ kind }) => kind === 'appended')).toEqual([{ kind: 'appended', revision: 1 }])
      expect(results.filter(({ kind }) => kind === 'conflict')).toEqual(
        Array(7).fill({ kind: 'conflict', revision: 1 }),
      )
      const winner = results.findIndex(({ kind }) => kind === 'appended')
      expect(await contentOf(store, acme)).toEqual([member(`om_${winner}`)])
    })

    test('appends issued at once, each expecting the one before it, are all stored', async () => {
      const store = await fresh()
      const chain = Array.from({ length: 20 }, (_, n) =>
        store.append(acme, n, [draft(put(member(`om_${n}`)))]),
      )
      expect((await Promise.all(chain)).map(({ kind }) => kind)).toEqual(Array(20).fill('appended'))
      expect((await store.commitsSince(acme, 0)).map(({ revision }) => revision)).toEqual(
        Array.from({ length: 20 }, (_, n) => n + 1),
      )
    })

    test('shards do not disturb one another', async () => {
      const store = await fresh()
      const [ofAcme, ofGlobex, ofEnvironment] = await Promise.all([
        store.append(acme, 0, [draft(put(member('om_1'))), draft(put(member('om_2')))]),
        store.append(globex, 0, [draft(put(member('om_3', { organizationId: globex })))]),
        store.append(environmentShard, 7, [draft(put(member('om_4')))]),
      ])
      expect(ofAcme).toEqual({ kind: 'appended', revision: 2 })
      expect(ofGlobex).toEqual({ kind: 'appended', revision: 1 })
      expect(ofEnvironment).toEqual({ kind: 'conflict', revision: 0 })
      expect(await contentOf(store, globex)).toEqual([member('om_3', { organizationId: globex })])
    })

    test('a later draft may build on an earlier one of the same append', async () => {
      const store = await fresh()
      await stored(
        store,
        acme,
        0,
        draft(put(member('om_1')), put(resource('authz_resource_1'))),
        draft(remove(resource('authz_resource_1'))),
        draft(put(member('om_1', { status: 'inactive' }))),
      )
      expect(await contentOf(store, acme)).toEqual([member('om_1', { status: 'inactive' })])
      expect(await store.commitsSince(acme, 0)).toHaveLength(3)
    })

    test('an id that another shard holds is taken: the append stores none of its drafts', async () => {
      const store = await fresh()
      await stored(store, acme, 0, draft(put(member('om_1'))))
      const drafts = [draft(put(member('om_2'))), draft(put(member('om_3')), put(member('om_1')))] as const
      expect(await store.append(globex, 0, drafts)).toEqual({
        kind: 'taken',
        draft: 1,
        entityKind: 'membership',
        id: 'om_1',
      })
      expect(await store.load(globex)).toBeUndefined()
      expect(await store.find('membership', 'om_2')).toBeUndefined()
      expect(await store.find('membership', 'om_1')).toEqual({ shard: acme, entity: member('om_1').entity })
    })

    test('one id may be held by two kinds, and by another shard once it is free again', async () => {
      const store = await fresh()
      await stored(store, acme, 0, draft(put(member('same'))))
      await stored(store, globex, 0, draft(put(resource('same'))))
      await stored(store, acme, 1, draft(remove(member('same'))))
      await stored(store, globex, 1, draft(put(member('same'))))
      expect(await store.find('membership', 'same')).toMatchObject({ shard: globex })
      expect(await contentOf(store, acme)).toEqual([])
    })

    test('an id that was stored long ago may go from one shard to another, and stays there', async () => {
      const opener = await openerForTest(open)
      const first = await opener()
      await stored(first, acme, 0, draft(put(member('same')), put(member('om_1'))))
      await first.close()
      const second = await opener()
      await stored(second, acme, 1, draft(remove(member('same'))))
      await stored(second, globex, 0, draft(put(member('same'))))
      await second.close()
      const third = await opener()
      expect(await third.find('membership', 'same')).toMatchObject({ shard: globex })
      expect(await contentOf(third, acme)).toEqual([member('om_1')])
      expect(await contentOf(third, globex)).toEqual([member('same')])
    })

    test('two shards that claim one id at once: one has it, for the other it is taken', async () => {
      const store = await fresh()
      const results = await Promise.all([
        store.append(acme, 0, [draft(put(member('om_1')))]),
        store.append(globex, 0, [draft(put(member('om_1')))]),
      ])
      expect(results.map(({ kind }) => kind).sort()).toEqual(['appended', 'taken'])
    })

    test.each([
      ['was never there', draft(remove(member('om_9')))],
      ['is in another shard', draft(remove(member('om_other')))],
      ['the append itself removed', draft(remove(member('om_1')), remove(member('om_1')))],
    ])('removing what %s rejects, and stores nothing', async (_which, wrong) => {
      const store = await fresh()
      await stored(store, acme, 0, draft(put(member('om_1'))))
      await stored(store, globex, 0, draft(put(member('om_other'))))
      await expect(store.append(acme, 1, [draft(put(member('om_2'))), wrong])).rejects.toThrow(/remove/)
      expect(await contentOf(store, acme)).toEqual([member('om_1')])
      expect(await store.revision(acme)).toBe(1)
    })

    test('appends issued together fail alone: a conflict or a wrong remove spares its neighbours', async () => {
      const store = await fresh()
      const [first, conflict, wrong, last] = await Promise.allSettled([
        store.append(acme, 0, [draft(put(member('om_1')))]),
        store.append(acme, 0, [draft(put(member('om_2')))]),
        store.append(acme, 1, [draft(put(member('om_3')), remove(member('om_9')))]),
        store.append(acme, 1, [draft(put(member('om_4')))]),
      ])
      expect(first).toMatchObject({ value: { kind: 'appended', revision: 1 } })
      expect(conflict).toMatchObject({ value: { kind: 'conflict', revision: 1 } })
      expect(wrong.status).toBe('rejected')
      expect(last).toMatchObject({ value: { kind: 'appended', revision: 2 } })
      expect(await contentOf(store, acme)).toEqual([member('om_1'), member('om_4')])
    })
  })
}
