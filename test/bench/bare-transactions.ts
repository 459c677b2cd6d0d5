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

/** The least: one row in one table, of what an assignment is about. */
export function oneRow(path: string): BareTransactions {
  const sql = new Database(path)
  sql.exec(pragmas)
  sql.exec(
    'CREATE TABLE assignments (id TEXT PRIMARY KEY, subject TEXT, resource TEXT, role TEXT) WITHOUT ROWID',
  )
  const insert = sql.prepare('INSERT INTO assignments VALUES (?, ?, ?, ?)')
  return transactions(sql, (index) => {
    insert.run(idOf('assignment', index), idOf('membership', index), idOf('resource', index), 'app-operator')
  })
}

/**
 * The rows that our store writes for one assignment, into a store of its own that holds a whole workload: the entity
 * with its index, the commit, the revision of the organization.
 */
export function sameRows(path: string): BareTransactions {
  const sql = new Database(path)
  sql.exec(pragmas)
  const shard = idOf('organization', 0)
  const [latest] = sql.prepare('SELECT revision FROM shards WHERE shard = ?').raw().get(shard) as [number]
  const next = latest + 1
  const entity = sql.prepare(
    'INSERT INTO entities (shard, kind, id, entity, checksum) VALUES (?, ?, ?, ?, 0)',
  )
  const commit = sql.prepare(
    'INSERT INTO commits (shard, revision, at, changes, checksum) VALUES (?, ?, ?, ?, 0)',
  )
  const revision = sql.prepare('UPDATE shards SET revision = ?, entities = entities + 1 WHERE shard = ?')
  return transactions(sql, (index) => {
    const id = idOf('assignment', 10_000_000 + index)
    const json = JSON.stringify({
      id,
      subject: { kind: 'membership', id: idOf('membership', index) },
      roleId: 'role_01KDVDNA06J3CDFT3HYJEH96CG',
      resourceId: idOf('resource', index),
      organizationId: shard,
      createdAt: at,
      updatedAt: at,
    })
    entity.run(shard, 'assignment', id, json)
    commit.run(shard, next + index, at, `[{"op":"put","kind":"assignment","entity":${json}}]`)
    revision.run(next + index, shard)
  })
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
