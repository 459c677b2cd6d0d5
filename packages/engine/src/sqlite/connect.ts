import { rmSync } from 'node:fs'
import Database from 'libsql'
import { AheadLog } from './ahead-log.js'
import { readAhead } from './read-ahead.js'
import { logEnd } from './read-log.js'
import { migrate, schemaVersion } from './schema.js'
import { codeOf, damaged } from './sqlite-errors.js'
import { prepareStatements, type Statements } from './statements.js'
import { newer, type StoreFile } from './store-file.js'
import { lockedError } from './store-lock.js'
import { verifyStore } from './verify-store.js'

/** The database of a store, held by this process alone. */
export interface Connection {
  /** The file. */
  readonly path: string
  readonly sql: Database.Database
  readonly statements: Statements
  readonly storeId: string
  /** What of the log is not in the database yet. */
  readonly ahead: AheadLog
}

/**
 * Open the database of a store, check it, and bring it up to date. Nothing is written before it has passed.
 *
 * @throws {StoreUnusable} `store_damaged`, `store_newer`, or `store_locked` when a tool of SQLite has it open.
 */
export function connect(file: StoreFile): Connection {
  const sql = new Database(file.main)
  try {
    // The exclusive mode comes first: only then does the log need no shared memory beside it.
    sql.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -16384')
    const version = oneValue(sql, 'PRAGMA user_version') as number
    if (version > schemaVersion) throw newer(file.main, version)
    // To map the file saves a copy of each page, and a third of the time. Only here: the system ends a process that
    // reads a page which the disk cannot read, and one that serves is to say so instead.
    sql.exec('PRAGMA mmap_size = 2147418112')
    const storeId = verifyStore(sql, file, version)
    // What was verified needs no second look while it is.
    sql.exec('PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON')
    if (version < schemaVersion) migrate(sql, version)
    const statements = prepareStatements(sql)
    const ahead = new AheadLog(file.ahead, storeId, readAhead(file, storeId, logEnd(statements)))
    const mode = oneValue(sql, 'PRAGMA journal_mode = WAL')
    if (mode !== 'wal')
      throw new Error(`\`${file.main}\` cannot have a write-ahead log; its journal is \`${mode}\``)
    sql.exec(durably)
    // What a crash of a process with a thread has left. Nobody else has the file open now.
    rmSync(file.shared, { force: true })
    return { path: file.main, sql, statements, storeId, ahead }
  } catch (error) {
    leaveAlone(sql)
    if (codeOf(error).startsWith('SQLITE_BUSY')) throw lockedError(file.main, error)
    // A table or a column is not there.
    if (error instanceof Error && codeOf(error) === 'SQLITE_ERROR') {
      throw damaged(`\`${file.main}\` lacks a part: ${error.message}`, error)
    }
    throw error
  }
}

/**
 * How every connection writes. `fullfsync` matters on macOS, where a plain fsync leaves the data in the cache of the
 * drive. Whoever finds somebody else writing waits: it takes some milliseconds.
 */
export const durably = `PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA journal_size_limit = 16777216;
  PRAGMA wal_autocheckpoint = 256; PRAGMA busy_timeout = 5000`

/**
 * Leave the exclusive mode, so that a second connection of this process can have the database open. The locks that keep
 * other stores out stay; a tool of SQLite finds this one open from now on.
 *
 * @returns Whether that is done: there may be no room for it, or no memory that connections can share, as on some
 *   network file systems. Then all is as it was.
 */
export function share({ sql }: Connection): boolean {
  // What shared memory there is shows when something is written.
  const log = 'PRAGMA journal_mode = WAL; UPDATE store SET applied = applied'
  const succeeds = (statements: string) => {
    try {
      sql.exec(statements)
      return true
    } catch {
      return false
    }
  }
  if (succeeds(`PRAGMA journal_mode = DELETE; ${unlock}`) && succeeds(log)) return true
  succeeds('PRAGMA locking_mode = EXCLUSIVE')
  // Also where this is refused, SQLite looks anew for the memory it needs, and that is its own now.
  succeeds('PRAGMA journal_mode = DELETE')
  // Should it have no write-ahead log after all, it writes as durably, and slower.
  succeeds(log)
  return false
}

/**
 * Move everything into the one file and let go of it: all rows of the log are in the database. libsql keeps a
 * connection, and with it the lock, until the last of its statements is collected as garbage; to leave the log and the
 * exclusive mode lets go at once.
 */
export function disconnect({ sql, ahead }: Connection): void {
  // First, for on a full disk its room is what the rest takes.
  ahead.remove()
  sql.exec(`PRAGMA journal_mode = DELETE; ${unlock}`)
  sql.close()
}

/** Let go of a database without writing to it: one that was refused, or only looked at. */
export function leaveAlone(sql: Database.Database): void {
  try {
    sql.exec(unlock)
  } catch {
    // The refusal is on its way and says more. What is still locked is unlocked with the process.
  }
  sql.close()
}

/** The mode takes effect with the next read. */
const unlock = 'PRAGMA locking_mode = NORMAL; SELECT count(*) FROM sqlite_schema'

function oneValue(sql: Database.Database, query: string): unknown {
  return (sql.prepare(query).raw().get() as [unknown])[0]
}
