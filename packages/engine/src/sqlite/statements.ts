import type { Database } from 'libsql'

/** A statement that returns rows, each an array of its columns. */
export interface Query {
  get(...parameters: readonly unknown[]): unknown
  all(...parameters: readonly unknown[]): unknown[]
  iterate(...parameters: readonly unknown[]): Iterable<unknown>
}

/** A statement that returns nothing. */
export interface Command {
  run(...parameters: readonly unknown[]): unknown
}

export type Statements = ReturnType<typeof prepareStatements>

/** Every statement, prepared once: libsql frees one only when it is collected as garbage. */
export function prepareStatements(sql: Database) {
  const command = (text: string): Command => sql.prepare(text)
  const query = (text: string): Query => sql.prepare(text).raw()
  return {
    begin: command('BEGIN IMMEDIATE'),
    commit: command('COMMIT'),
    rollback: command('ROLLBACK'),

    shard: query('SELECT revision, entities FROM shards WHERE shard = ?'),
    commitsSince: query(
      'SELECT revision, at, changes, checksum FROM commits WHERE shard = ? AND revision > ? ORDER BY revision',
    ),
    load: query('SELECT kind, entity, checksum FROM entities WHERE shard = ?'),
    home: query('SELECT shard FROM entities WHERE kind = ? AND id = ?'),
    find: query('SELECT shard, id, entity, checksum FROM entities WHERE kind = ? AND id = ?'),
    scan: query(
      'SELECT shard, id, entity, checksum FROM entities WHERE kind = ? AND id > ? ORDER BY id LIMIT ?',
    ),

    putShard: command(
      `INSERT INTO shards (shard, revision, entities) VALUES (?, ?, ?)
       ON CONFLICT (shard) DO UPDATE SET revision = excluded.revision, entities = excluded.entities`,
    ),
    putCommit: command('INSERT INTO commits (shard, revision, at, changes, checksum) VALUES (?, ?, ?, ?, ?)'),
    putEntity: command(
      `INSERT INTO entities (shard, kind, id, entity, checksum) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (shard, kind, id) DO UPDATE SET entity = excluded.entity, checksum = excluded.checksum`,
    ),
    removeEntity: command('DELETE FROM entities WHERE shard = ? AND kind = ? AND id = ?'),
  }
}
