import type { Database } from 'libsql'

/** A statement that returns rows, each an array of its columns. */
export interface Query {
  get(...parameters: readonly unknown[]): unknown
  all(...parameters: readonly unknown[]): unknown[]
}

/** A statement that returns nothing. */
export interface Command {
  run(...parameters: readonly unknown[]): unknown
}

export type Statements = ReturnType<typeof prepareStatements>

/**
 * Every statement, prepared once: libsql frees one only when it is collected as garbage.
 *
 * Text is always read as bytes: libsql ends the process when it meets text that is not UTF-8, and one flipped bit
 * is enough for that.
 */
export function prepareStatements(sql: Database) {
  const command = (text: string): Command => sql.prepare(text)
  const query = (text: string): Query => sql.prepare(text).raw()
  return {
    begin: command('BEGIN IMMEDIATE'),
    commit: command('COMMIT'),
    rollback: command('ROLLBACK'),

    shard: query('SELECT revision, entities FROM shards WHERE shard = ?'),
    commitsSince: query(
      `SELECT revision, CAST(at AS BLOB), CAST(changes AS BLOB), checksum
       FROM commits WHERE shard = ? AND revision > ? ORDER BY revision`,
    ),
    // Many entities in one row: to hand over a row costs more than to read it.
    load: query(
      `SELECT CAST(kind AS BLOB), CAST(max(id) AS BLOB),
         CAST(group_concat(entity, char(10)) AS BLOB), CAST(group_concat(checksum) AS BLOB)
       FROM (SELECT kind, id, entity, checksum FROM entities
             WHERE shard = ? AND (kind, id) > (?, ?) ORDER BY kind, id LIMIT ?)
       GROUP BY kind ORDER BY kind`,
    ),
    home: query('SELECT CAST(shard AS BLOB) FROM entities WHERE kind = ? AND id = ?'),
    find: query(`SELECT ${located} FROM entities WHERE kind = ? AND id = ?`),
    scan: query(`SELECT ${located} FROM entities WHERE kind = ? AND id > ? ORDER BY id LIMIT ?`),

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

const located = 'CAST(shard AS BLOB), CAST(id AS BLOB), CAST(entity AS BLOB), checksum'
