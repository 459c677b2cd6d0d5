import type { Database } from 'libsql'
import type { IdRange } from '../store/range.js'
import { lineEnd } from './line-check.js'
import { linkColumns } from './link-rows.js'

/** A statement that returns rows, each an array of its columns. */
export interface Query {
  get(...parameters: readonly unknown[]): unknown
  all(...parameters: readonly unknown[]): unknown[]
}

/** One query for each direction in which ids can be read. */
export interface RangeQuery {
  readonly ascending: Query
  readonly descending: Query
}

/** The rows of a range of ids. An open end is a value that is less, or greater, than any text. */
export function readRange(query: RangeQuery, range: IdRange, ...parameters: readonly string[]): unknown[] {
  const { above = belowAllTexts, below = aboveAllTexts, descending, limit } = range
  return (descending ? query.descending : query.ascending).all(...parameters, above, below, limit)
}

const belowAllTexts = ''
/** SQLite orders bytes after all texts. @see https://sqlite.org/datatype3.html section 4.1 */
export const aboveAllTexts = Buffer.alloc(0)

/** A statement that returns nothing. One array of all parameters costs less than the same apart. */
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
  const inBothDirections = (text: (order: 'ASC' | 'DESC') => string): RangeQuery => ({
    ascending: query(text('ASC')),
    descending: query(text('DESC')),
  })
  return {
    begin: command('BEGIN IMMEDIATE'),
    commit: command('COMMIT'),
    rollback: command('ROLLBACK'),

    shard: query('SELECT revision, entities FROM shards WHERE shard = ?'),
    commitsSince: query(
      `SELECT log.position, first, CAST(commits AS BLOB), checksum
       FROM log_shards LEFT JOIN log USING (position) WHERE shard = ? AND revision > ? ORDER BY revision LIMIT ?`,
    ),
    // Many entities in one row, for to hand over a row costs more than to read it; and of one kind in the order of
    // the key, for to group them costs as much again.
    load: query(
      `SELECT CAST(group_concat(entity, '${lineEnd}') AS BLOB), CAST(group_concat(checksum) AS BLOB), count(*)
       FROM entities WHERE shard = ? AND kind = ? AND id > ? AND id <= ?`,
    ),
    nthId: query(
      'SELECT CAST(id AS BLOB) FROM entities WHERE shard = ? AND kind = ? AND id > ? ORDER BY id LIMIT 1 OFFSET ?',
    ),
    home: query('SELECT CAST(shard AS BLOB) FROM entities WHERE kind = ? AND id = ?'),
    greatestId: query('SELECT CAST(max(id) AS BLOB) FROM entities WHERE kind = ?'),
    find: query(`SELECT ${located} FROM entities WHERE kind = ? AND id = ?`),
    scan: inBothDirections(
      (order) =>
        `SELECT ${located} FROM entities WHERE kind = ? AND id > ? AND id < ? ORDER BY id ${order} LIMIT ?`,
    ),
    scanShard: inBothDirections(
      (order) =>
        `SELECT ${located} FROM entities
         WHERE shard = ? AND kind = ? AND id > ? AND id < ? ORDER BY id ${order} LIMIT ?`,
    ),
    lookup: inBothDirections(
      (order) =>
        `SELECT CAST(shard AS BLOB), CAST(lookups.id AS BLOB), CAST(entity AS BLOB), checksum
         FROM lookups LEFT JOIN entities ON entities.kind = lookups.kind AND entities.id = lookups.id
         WHERE name = ? AND value = ? AND lookups.id > ? AND lookups.id < ?
         ORDER BY lookups.id ${order} LIMIT ?`,
    ),
    holder: query('SELECT CAST(id AS BLOB) FROM lookups WHERE name = ? AND value = ? ORDER BY id LIMIT 1'),
    lookupsOf: query('SELECT CAST(name AS BLOB), CAST(value AS BLOB) FROM lookups WHERE kind = ? AND id = ?'),

    placeOf: query(
      'SELECT position FROM log_shards WHERE shard = ? AND revision >= ? ORDER BY revision LIMIT 1',
    ),
    logRow: query(`SELECT ${logged} FROM log WHERE position = ?`),
    logNext: query(`SELECT ${logged} FROM log WHERE position > ? ORDER BY position LIMIT 1`),
    logAfter: query(`SELECT ${logged} FROM log WHERE position > ? ORDER BY position`),
    links: query(`SELECT ${linkColumns} FROM log WHERE position > ? ORDER BY position LIMIT ?`),
    logEnd: query('SELECT position, CAST(hash AS BLOB) FROM log ORDER BY position DESC LIMIT 1'),
    applied: query('SELECT applied FROM store'),

    note: query(`SELECT ${noted} FROM notes WHERE bucket = ? AND key = ?`),
    notes: query(`SELECT ${noted} FROM notes WHERE bucket = ? ORDER BY key`),
    notesAfter: query(
      `SELECT CAST(bucket AS BLOB), ${noted} FROM notes
       WHERE (bucket, key) > (?, ?) AND (expires_at IS NULL OR expires_at > ?) ORDER BY bucket, key LIMIT ?`,
    ),

    putShard: command(
      `INSERT INTO shards (shard, revision, entities) VALUES (?, ?, ?)
       ON CONFLICT (shard) DO UPDATE SET revision = excluded.revision, entities = excluded.entities`,
    ),
    // Only ever run: refused by a full disk, one that was asked for a row left a commit in the log after all.
    putLog: command('INSERT INTO log (position, first, commits, checksum, hash) VALUES (?, ?, ?, ?, ?)'),
    putPlace: command(putPlaces(1)),
    putPlaces: command(putPlaces(rowsAtOnce)),
    putApplied: command('UPDATE store SET applied = ?'),
    putEntity: command(putEntities(1)),
    putEntities: command(putEntities(rowsAtOnce)),
    removeEntity: command('DELETE FROM entities WHERE shard = ? AND kind = ? AND id = ?'),
    putLookup: command('INSERT INTO lookups (name, value, id, kind) VALUES (?, ?, ?, ?)'),
    removeLookup: command('DELETE FROM lookups WHERE name = ? AND value = ? AND id = ?'),

    putNote: command(
      `INSERT INTO notes (bucket, key, value, expires_at, checksum) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (bucket, key) DO UPDATE
       SET value = excluded.value, expires_at = excluded.expires_at, checksum = excluded.checksum`,
    ),
    removeNote: command('DELETE FROM notes WHERE bucket = ? AND key = ?'),
    sweepNotes: command('DELETE FROM notes WHERE expires_at <= ?'),
  }
}

/** So many rows are written with one statement, where there are so many. */
export const rowsAtOnce = 32

function putEntities(rows: number): string {
  return `INSERT INTO entities (shard, kind, id, entity, checksum) VALUES ${rowsOf(rows, 2, 3)}
    ON CONFLICT (shard, kind, id) DO UPDATE SET entity = excluded.entity, checksum = excluded.checksum`
}

function putPlaces(rows: number): string {
  return `INSERT INTO log_shards (shard, revision, position) VALUES ${rowsOf(rows, 1, 2)}`
}

/** Rows that have their first columns in common, and the others each for itself. */
function rowsOf(rows: number, alike: number, own: number): string {
  const columns = (from: number, count: number) => Array.from({ length: count }, (_, n) => `?${from + n}`)
  const row = (n: number) => [...columns(1, alike), ...columns(alike + 1 + n * own, own)].join(', ')
  return Array.from({ length: rows }, (_, n) => `(${row(n)})`).join(', ')
}

const logged = 'position, first, CAST(commits AS BLOB), checksum'
const noted = 'CAST(key AS BLOB), CAST(value AS BLOB), expires_at, checksum'
const located = 'CAST(shard AS BLOB), CAST(id AS BLOB), CAST(entity AS BLOB), checksum'
