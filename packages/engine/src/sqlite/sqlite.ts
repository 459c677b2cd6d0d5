import { resolve } from 'node:path'
import { Misconfigured } from '@bailiwick/core'
import type { StoreOpener } from '../store/store.js'
import { openStore } from './open-store.js'
import { storeError } from './sqlite-errors.js'
import { locate } from './store-file.js'

/**
 * A store in one SQLite file, made if it is not there: what is acknowledged is on disk. One process has it open
 * at a time; the lock goes with the process, also with one that is killed.
 *
 * @param path - The file. Its directory exists.
 * @returns An opener that rejects with `StoreUnusable` for a file that is locked, damaged, not ours or newer than
 *   this release, with `StoreUnavailable` when the disk fails, and with `Misconfigured` without a directory.
 * @throws {Misconfigured} for `:memory:` and the empty path, which would keep nothing.
 *
 * @example
 * const engine = await openEngine({ store: sqlite('authz.db'), model })
 */
export function sqlite(path: string): StoreOpener {
  if (path === '' || path === ':memory:') {
    throw new Misconfigured(
      `\`sqlite('${path}')\` would keep nothing: name a file, or use \`memoryStore()\` from @bailiwick/engine`,
    )
  }
  const file = resolve(path)
  return async () => {
    try {
      return openStore(locate(file))
    } catch (error) {
      throw storeError(error, `opening the store \`${file}\``)
    }
  }
}
