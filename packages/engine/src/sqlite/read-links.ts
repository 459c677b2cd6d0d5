import type { LogLink } from '@bailiwick/core'
import Database from 'libsql'
import { leaveAlone } from './connect.js'
import { inspectLog } from './inspect-log.js'
import { type LinkRow, linkColumns, linkOf, linkOfWritten } from './link-rows.js'
import { rowsAhead } from './read-ahead.js'
import { codeOf, damaged } from './sqlite-errors.js'
import { inspect, locate, type StoreFile } from './store-file.js'
import { lockedError, takeLock } from './store-lock.js'

/**
 * The rows of the log in a store file that nobody has open, as they stand there: nothing but the log is looked at, so
 * that a file which a store would refuse can be read as well.
 *
 * @throws {StoreUnusable} `store_locked`, `store_foreign`, and `store_damaged` where there is no log, or where what a
 *   crash has left beside the file is damaged.
 */
export async function* readLinks(path: string): AsyncGenerator<LogLink> {
  const file = locate(path)
  if (inspect(file) === 'absent') throw damaged(`there is no store at \`${file.main}\``)
  const lock = takeLock(file)
  try {
    // SQLite would play it up to the damage, and whatever stands behind would be gone, from the disk as well.
    inspectLog(file)
    yield* linksIn(file)
  } finally {
    lock.release()
  }
}

function* linksIn(file: StoreFile): Generator<LogLink> {
  const sql = new Database(file.main)
  try {
    // Then the log that a crash has left needs no shared memory beside it.
    sql.exec('PRAGMA locking_mode = EXCLUSIVE')
    let reached = 0
    for (const row of linkRows(sql)) {
      yield linkOf(row)
      reached = row[0]
    }
    for (const row of rowsAhead(file, storeIdOf(sql), reached)) yield linkOfWritten(row)
  } catch (error) {
    if (codeOf(error).startsWith('SQLITE_BUSY')) throw lockedError(file.main, error)
    if (codeOf(error).startsWith('SQLITE_'))
      throw damaged(`the log in \`${file.main}\` cannot be read`, error)
    throw error
  } finally {
    leaveAlone(sql)
  }
}

function storeIdOf(sql: Database.Database): string {
  const row = sql.prepare('SELECT CAST(id AS BLOB) FROM store').raw().get() as [Buffer] | undefined
  return row?.[0].toString() ?? ''
}

function linkRows(sql: Database.Database): Iterable<LinkRow> {
  // A file of the releases before has none.
  const [hasHash] = sql
    .prepare("SELECT count(*) FROM pragma_table_info('log') WHERE name = 'hash'")
    .raw()
    .get() as [number]
  const columns = hasHash === 1 ? linkColumns : 'position, first, CAST(commits AS BLOB), NULL'
  return sql.prepare(`SELECT ${columns} FROM log ORDER BY position`).raw().iterate() as Iterable<LinkRow>
}
