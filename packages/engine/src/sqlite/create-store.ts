import { closeSync, openSync, renameSync, rmSync } from 'node:fs'
import Database from 'libsql'
import { ulid } from 'ulid'
import { checksum } from './checksum.js'
import { flushNameOf, flushPath } from './flush-path.js'
import { migrate } from './schema.js'
import type { StoreFile } from './store-file.js'

/**
 * Make an empty store under another name and move it into place when it is complete and on disk: a crash on the
 * way leaves no store, never half of one. The caller holds the lock.
 */
export function createStore({ main, draft }: StoreFile): void {
  rmSync(draft, { force: true })
  // It will hold the keys by which sessions are signed. What SQLite makes beside it, it makes as this is.
  closeSync(openSync(draft, 'wx', 0o600))
  const id = ulid()
  const sql = new Database(draft)
  try {
    migrate(sql, 0)
    sql.exec(`INSERT INTO store (id, checksum) VALUES ('${id}', ${checksum(id)})`)
  } finally {
    sql.close()
  }
  flushPath(draft)
  renameSync(draft, main)
  flushNameOf(main)
}
