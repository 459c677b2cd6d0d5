import type { StoreOpener } from '@bailiwick/engine'
import { fillStore, type Restore } from './fill-store.js'

/** Restore into a database that holds no store, or half of one that was being restored before. */
export function restoreDatabase(database: string, opener: StoreOpener): Restore {
  return async (backup, onProgress) => {
    const { restoreAlone } = await import('@bailiwick/engine/postgres')
    return restoreAlone(database, async () => fillStore(await opener(), backup, onProgress))
  }
}
