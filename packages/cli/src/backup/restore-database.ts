import type { StoreOpener } from '@bailiwick/engine'
import { fillStore, type Restore } from './fill-store.js'

/** Restore into a database that holds no store, or half of one that was being restored before. */
export function restoreDatabase(database: string, opener: StoreOpener): Restore {
  return async (backup, onProgress) => {
    const { discardUnfinished } = await import('@bailiwick/engine/postgres')
    await discardUnfinished(database)
    const store = await opener()
    try {
      return await fillStore(store, backup, onProgress)
    } catch (error) {
      // What came in part opens no engine, and goes: the next one begins anew.
      await discardUnfinished(database).catch(() => {})
      throw error
    }
  }
}
