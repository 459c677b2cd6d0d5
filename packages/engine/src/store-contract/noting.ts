import { describe, expect, test } from 'vitest'
import { acme, draft, member, put, stored } from './samples.js'
import { openerForTest, type StoreUnderTest } from './store-under-test.js'

/** What a service keeps beside the commits. */
export function noting(open: () => Promise<StoreUnderTest>): void {
  const fresh = async () => {
    const store = await (await openerForTest(open))()
    const time = { now: 1_000 }
    return { store, time, notebook: store.notebook(() => time.now) }
  }

  describe('the notebook', () => {
    test('keeps text under a bucket and a key, the last one written', async () => {
      const { notebook } = await fresh()
      await notebook.write('keys', 'a', 'first')
      await notebook.write('keys', 'a', '{"text":"ünï🦊\\n"}')
      await notebook.write('answers', 'a', 'other')
      expect(await notebook.read('keys', 'a')).toBe('{"text":"ünï🦊\\n"}')
      expect(await notebook.read('answers', 'a')).toBe('other')
      expect(await notebook.read('keys', 'A')).toBeUndefined()
      expect(await notebook.read('nothing', 'a')).toBeUndefined()
    })

    test('keeps an empty text as it is', async () => {
      const { notebook } = await fresh()
      await notebook.write('keys', 'a', '')
      expect(await notebook.read('keys', 'a')).toBe('')
      expect(await notebook.list('keys')).toEqual([{ key: 'a', value: '', expiresAt: null }])
    })

    test('inserts where there is none, and leaves alone what is there', async () => {
      const { notebook } = await fresh()
      expect(await notebook.insert('answers', 'k', 'mine')).toBe(true)
      expect(await notebook.insert('answers', 'k', 'yours')).toBe(false)
      expect(await notebook.read('answers', 'k')).toBe('mine')
      await notebook.remove('answers', 'k')
      expect(await notebook.read('answers', 'k')).toBeUndefined()
      expect(await notebook.insert('answers', 'k', 'yours')).toBe(true)
    })

    test('is exclusive with its store; then notes and commits are stored in the order of asking', async () => {
      const { store, notebook } = await fresh()
      expect(notebook.access).toBe(store.access)
      if (notebook.access === 'shared') return
      const inserting = notebook.insert('answers', 'k', 'claimed')
      await store.append(acme, 0, [draft(put(member('om_1')))])
      expect(await notebook.read('answers', 'k')).toBe('claimed')
      expect(await inserting).toBe(true)
    })

    test('of many inserts at once under one key, exactly one is written', async () => {
      const { notebook } = await fresh()
      const inserts = Array.from({ length: 8 }, (_, n) => notebook.insert('answers', 'k', `${n}`))
      const written = (await Promise.all(inserts)).flatMap((isNew, n) => (isNew ? [`${n}`] : []))
      expect(written).toHaveLength(1)
      expect(await notebook.read('answers', 'k')).toBe(written[0])
    })

    test('replaces exactly the text that somebody has read', async () => {
      const { notebook, time } = await fresh()
      expect(await notebook.replace('leases', 'k', '', 'mine')).toBe(false)
      await notebook.write('leases', 'k', 'mine', { expiresAt: 2_000 })
      expect(await notebook.replace('leases', 'k', 'yours', 'stolen')).toBe(false)
      expect(await notebook.replace('leases', 'k', 'mine', 'still mine', { expiresAt: 3_000 })).toBe(true)
      time.now = 2_000
      expect(await notebook.read('leases', 'k')).toBe('still mine')
      time.now = 3_000
      expect(await notebook.replace('leases', 'k', 'still mine', 'too late')).toBe(false)
    })

    test('of many who replace the same text at once, exactly one does', async () => {
      const { notebook } = await fresh()
      await notebook.write('leases', 'k', 'free')
      const tries = Array.from({ length: 8 }, (_, n) => notebook.replace('leases', 'k', 'free', `${n}`))
      const written = (await Promise.all(tries)).flatMap((isMine, n) => (isMine ? [`${n}`] : []))
      expect(written).toHaveLength(1)
      expect(await notebook.read('leases', 'k')).toBe(written[0])
    })

    test('an expired note is as good as gone, one that is not yet is not', async () => {
      const { notebook, time } = await fresh()
      await notebook.write('answers', 'short', 's', { expiresAt: 2_000 })
      await notebook.write('answers', 'long', 'l', { expiresAt: 2_001 })
      await notebook.write('answers', 'ever', 'e')
      time.now = 1_999
      expect(await notebook.read('answers', 'short')).toBe('s')
      expect(await notebook.insert('answers', 'short', 'new')).toBe(false)
      time.now = 2_000
      expect(await notebook.read('answers', 'short')).toBeUndefined()
      expect(await notebook.list('answers')).toEqual([
        { key: 'ever', value: 'e', expiresAt: null },
        { key: 'long', value: 'l', expiresAt: 2_001 },
      ])
      expect(await notebook.insert('answers', 'short', 'new')).toBe(true)
      expect(await notebook.read('answers', 'short')).toBe('new')
    })

    test('of all buckets is read page by page, in order, without what has expired', async () => {
      const { notebook, time } = await fresh()
      await notebook.write('b', 'k2', '2')
      await notebook.write('b', 'k1', '1', { expiresAt: 5_000 })
      await notebook.write('b', 'gone', '0', { expiresAt: 2_000 })
      await notebook.write('a:z', 'ü', 'é')
      time.now = 2_000
      const first = await notebook.all({ limit: 2 })
      expect(first).toEqual([
        { bucket: 'a:z', key: 'ü', value: 'é', expiresAt: null },
        { bucket: 'b', key: 'k1', value: '1', expiresAt: 5_000 },
      ])
      expect(await notebook.all({ after: { bucket: 'a:z', key: 'ü' }, limit: 1 })).toEqual([first[1]])
      expect(await notebook.all({ after: { bucket: 'b', key: 'k1' }, limit: 2 })).toEqual([
        { bucket: 'b', key: 'k2', value: '2', expiresAt: null },
      ])
      expect(await notebook.all({ after: { bucket: 'b', key: 'k2' }, limit: 2 })).toEqual([])
      expect(await notebook.all({ after: { bucket: 'b', key: '' }, limit: 1 })).toEqual([first[1]])
    })

    test('what is written again expires as it says then', async () => {
      const { notebook, time } = await fresh()
      await notebook.write('b', 'k', 'v', { expiresAt: 2_000 })
      await notebook.write('b', 'k', 'v')
      time.now = 9_000
      expect(await notebook.read('b', 'k')).toBe('v')
    })

    test('a sweep takes what has expired for good, and nothing else', async () => {
      const { notebook, time } = await fresh()
      await notebook.write('b', 'gone', 'v', { expiresAt: 2_500 })
      await notebook.write('b', 'kept', 'v', { expiresAt: 2_501 })
      await notebook.write('b', 'ever', 'v')
      time.now = 2_500
      await notebook.sweep()
      time.now = 0
      expect((await notebook.list('b')).map(({ key }) => key)).toEqual(['ever', 'kept'])
    })

    test('is in no log, and of no shard', async () => {
      const { store, notebook } = await fresh()
      await notebook.write('keys', 'a', 'v')
      expect(await store.lastPosition()).toBe(0)
      const both = [notebook.write('keys', 'b', 'v'), stored(store, acme, 0, draft(put(member('om_1'))))]
      await Promise.all(both)
      expect(await store.lastPosition()).toBe(1)
    })

    test('survives a reopen', async () => {
      const opener = await openerForTest(open)
      const first = await opener()
      await first.notebook(() => 0).write('keys', 'a', 'v', { expiresAt: 5 })
      await first.close()
      const second = await opener()
      expect(await second.notebook(() => 4).read('keys', 'a')).toBe('v')
      expect(await second.notebook(() => 5).read('keys', 'a')).toBeUndefined()
    })
  })
}
