import type { Store } from '@bailiwick/engine'
import {
  type OpenBackup,
  type Progress,
  restoreBackup,
  type Verified,
  verifyStore,
} from '@bailiwick/engine/backup'

/** Puts a backup where everything is kept, all of it or nothing. */
export type Restore = (backup: OpenBackup, onProgress: (progress: Progress) => void) => Promise<Verified>

/**
 * Restore a backup into a store, look what came of it, and close the store. What does not fit together then is no reason
 * to have nothing: it was so when the backup was taken.
 */
export async function fillStore(
  store: Store,
  backup: OpenBackup,
  onProgress: (progress: Progress) => void,
): Promise<Verified> {
  try {
    await restoreBackup(store, backup, onProgress)
    return await verifyStore(store)
  } finally {
    await store.close()
  }
}
