import type { Notebook } from '@bailiwick/core'
import { describe, expect, test, vi } from 'vitest'
import type { Store } from '../store/store.js'
import { acme, contentOf, draft, member, put, stored } from './samples.js'
import { openerForTest, type StoreUnderTest } from './store-under-test.js'

const uses: readonly [string, (store: Store) => Promise<unknown>][] = [
  ['load', (store) => store.load(acme)],
  ['revision', (store) => store.revision(acme)],
  ['commitsSince', (store) => store.commitsSince(acme, 0)],
  ['append', (store) => store.append(acme, 1, [draft(put(member('om_2')))])],
  ['find', (store) => store.find('membership', 'om_1')],
  ['scan', (store) => store.scan('membership', { limit: 1 })],
  ['lookup', (store) => store.lookup('membership_user', 'user of om_1', { limit: 1 })],
  ['log', (store) => store.log({ after: 0, limit: 1 })],
  ['lastPosition', (store) => store.lastPosition()],
  ['notebook', async (store) => store.notebook(Date.now)],
  ['watch', async (store) => store.watch(() => {})],
]

/** What is left of a store that was closed. */
export function closing(open: () => Promise<StoreUnderTest>): void {
  describe('close', () => {
    test.each(uses)('afterwards `%s` rejects with `StoreUnavailable`', async (_name, use) => {
      const store = await (await openerForTest(open))()
      await stored(store, acme, 0, draft(put(member('om_1'))))
      await expect(use(store)).resolves.toBeDefined()
      await store.close()
      await expect(use(store)).rejects.toMatchObject({ name: 'StoreUnavailable', code: 'store_unavailable' })
    })

    test.each<[string, (notebook: Notebook) => Promise<unknown>]>([
      ['read', (notebook) => notebook.read('b', 'k')],
      ['write', (notebook) => notebook.write('b', 'k', 'v').then(() => true)],
      ['insert', (notebook) => notebook.insert('b', 'k2', 'v')],
      ['remove', (notebook) => notebook.remove('b', 'k2').then(() => true)],
      ['list', (notebook) => notebook.list('b')],
      ['sweep', (notebook) => notebook.sweep().then(() => true)],
    ])('afterwards `%s` of a notebook rejects with `StoreUnavailable`', async (_name, use) => {
      const store = await (await openerForTest(open))()
      const notebook = store.notebook(() => 0)
      await notebook.write('b', 'k', 'v')
      await expect(use(notebook)).resolves.toBeDefined()
      await store.close()
      await expect(use(notebook)).rejects.toMatchObject({ name: 'StoreUnavailable' })
    })

    test('waits for the appends under way', async () => {
      const opener = await openerForTest(open)
      const store = await opener()
      const writing = store.append(acme, 0, [draft(put(member('om_1')))])
      await store.close()
      expect(await writing).toEqual({ kind: 'appended', revision: 1 })
      expect(await contentOf(await opener(), acme)).toEqual([member('om_1')])
    })

    test('twice is once', async () => {
      const store = await (await openerForTest(open))()
      await Promise.all([store.close(), store.close()])
      await expect(store.close()).resolves.toBeUndefined()
    })

    test('lets go of the listeners', async () => {
      const opener = await openerForTest(open)
      const first = await opener()
      const listener = vi.fn()
      first.watch(listener)
      await first.close()
      await stored(await opener(), acme, 0, draft(put(member('om_1'))))
      expect(listener).not.toHaveBeenCalled()
    })
  })
}
