import Database from 'libsql'
import { idOf } from './workload/ids.js'

/** One durable transaction of SQLite's own, with nothing of ours around it. */
export interface BareTransactions {
  readonly write: (index: number) => void
  readonly close: () => void
}

const pragmas =
  'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536'
const at = '2026-01-01T00:00:00.000Z'

/** Ids of what is written about, made before the clock starts. The id of what is written is made when it is. */
const memberships = Array.from({ length: 1_000 }, (_, index) => idOf('membership', index))
const resource = idOf('resource', 0)

/** The least: one row in one table, of what an assignment is about. */
export function oneRow(path: string): BareTransactions {
  const sql = new Database(path)
  sql.exec(pragmas)
  sql.exec(
    'CREATE TABLE assignments (id TEXT PRIMARY KEY, subject TEXT, resource TEXT, role TEXT) WITHOUT ROWID',
  )
  const insert = sql.prepare('INSERT INTO assignments VALUES (?, ?, ?, ?)')
  return transactions(sql, (index) => {
    insert.run(idOf('assignment', index), membershipOf(index), resource, 'app-operator')
  })
}

/**
 * The row that our store writes for one assignment, into a store of its own that holds a whole workload: a commit in
 * the log. What it changes elsewhere in the file is written for many commits together, and is not in here.
 */
export function sameRows(path: string): BareTransactions {
  const sql = new Database(path)
  sql.exec(pragmas)
  const shard = idOf('organization', 0)
  const hash = '0'.repeat(64)
  const [latest] = sql.prepare('SELECT max(position) FROM log').raw().get() as [number]
  const commit = sql.prepare(
    'INSERT INTO log (position, first, commits, checksum, hash) VALUES (?, ?, ?, 0, ?)',
  )
  return transactions(sql, (index) => {
    const json = JSON.stringify([
      idOf('assignment', 10_000_000 + index),
      { kind: 'membership', id: membershipOf(index) },
      'role_01KDVDNA06J3CDFT3HYJEH96CG',
      resource,
      at,
      0,
    ])
    const position = latest + 1 + index
    const changes = `[{"op":"put","kind":"assignment","entity":${json}}]`
    const text = `[{"shard":"${shard}","revision":${position},"at":"${at}","changes":${changes}}]`
    commit.run(position, position, text, hash)
  })
}

function membershipOf(index: number): string {
  return memberships[index % memberships.length] as string
}

function transactions(sql: Database.Database, write: (index: number) => void): BareTransactions {
  const begin = sql.prepare('BEGIN IMMEDIATE')
  const commit = sql.prepare('COMMIT')
  return {
    write: (index) => {
      begin.run()
      write(index)
      commit.run()
    },
    close: () => sql.close(),
  }
}
