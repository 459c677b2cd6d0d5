import type { StoreOpener } from '@bailiwick/engine'
import { sqlite } from '@bailiwick/engine/sqlite'
import { fillStore } from './fill-store.js'
import type { Workload } from './workload.js'

/** Write a workload into a file that is not there yet, as commands would leave it. Returns what opens it. */
export async function fillSqlite(path: string, workload: Workload): Promise<StoreOpener> {
  const opener = sqlite(path)
  await fillStore(opener, workload)
  return opener
}
