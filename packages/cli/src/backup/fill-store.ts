import { StoreUnusable } from '@bailiwick/core'
import type { Store } from '@bailiwick/engine'
import {
  type OpenBackup,
  type Progress,
  type Restored,
  restoreBackup,
  verifyStore,
} from '@bailiwick/engine/backup'

/** Puts a backup where everything is kept, all of it or nothing. */
export type Restore = (backup: OpenBackup, onProgress: (progress: Progress) => void) => Promise<Restored>

/** Restore a backup into a store, verify what came of it, and close the store. */
export async function fillStore(
  store: Store,
  backup: OpenBackup,
  onProgress: (progress: Progress) => void,
): Promise<Restored> {
  try {
    const restored = await restoreBackup(store, backup, onProgress)
    const { faults, faultCount } = await verifyStore(store)
    if (faultCount === 0) return restored
    throw new StoreUnusable(
      'store_damaged',
      `what the backup holds does not fit together, in ${faultCount} places: ${faults[0]}`,
    )
  } finally {
    await store.close()
  }
}
