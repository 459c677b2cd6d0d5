import { closeSync, openSync } from 'node:fs'
import { StoreUnusable } from '@bailiwick/core'
import Database from 'libsql'
import { codeOf } from './sqlite-errors.js'
import type { StoreFile } from './store-file.js'

/**
 * Hold a file for this process, until released or until the process ends, however it ends.
 *
 * The lock is SQLite's own, on a file that holds nothing. The database is locked as well, but POSIX drops every
 * lock that a process has on a file as soon as any part of the process closes that file: an application that
 * copies its database would unlock it. Nobody copies an empty file by name.
 *
 * @see https://sqlite.org/howtocorrupt.html section 2.2
 * @throws {StoreUnusable} `store_locked`, at once.
 */
export function takeLock({ lock, main }: StoreFile): { readonly release: () => void } {
  makeFile(lock)
  const sql = new Database(lock)
  try {
    // Nothing is ever written under this lock; a journal in memory leaves no second file beside it.
    sql.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (cause) {
    sql.close()
    if (codeOf(cause).startsWith('SQLITE_BUSY')) throw lockedError(main, cause)
    if (codeOf(cause) === 'SQLITE_NOTADB') {
      throw new StoreUnusable('store_foreign', `\`${lock}\` is in the way: it is not a lock of ours`, {
        cause,
      })
    }
    throw cause
  }
  return { release: () => sql.close() }
}

/** By hand, for its errors say what is wrong with the directory. Never opened again: see above. */
function makeFile(lock: string): void {
  try {
    closeSync(openSync(lock, 'wx'))
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
}

/** One process has a store file at a time. */
export function lockedError(main: string, cause: unknown): StoreUnusable {
  return new StoreUnusable(
    'store_locked',
    `\`${main}\` is open already, here or in another process: close it there first, or share one engine`,
    { cause },
  )
}
