import type { Database } from 'libsql'
import { checksum } from './checksum.js'
import { decodeLogRow, type LogRow } from './log-rows.js'
import { decodeNote, type NoteRow } from './note-rows.js'
import { damaged } from './sqlite-errors.js'
import type { StoreFile } from './store-file.js'

/**
 * Check a store that was just opened, and return its id.
 *
 * SQLite's own check reads the whole file, about a second a gigabyte, and proves its structure and its index;
 * ours proves that each shard stands where its last commit left it, and that no commit and no note is missing. What
 * stands in a row is checked by checksum whenever the row is read.
 *
 * @param version - That of its schema, 1 or more.
 * @throws {StoreUnusable} `store_damaged`, naming the first thing that is wrong.
 */
export function verifyStore(sql: Database, { main }: StoreFile, version: number): string {
  const [complaint] = sql.prepare(firstComplaint).raw().get() as [Buffer]
  if (complaint.toString() !== 'ok') throw damaged(`\`${main}\` is damaged: ${complaint}`)

  const stores = sql.prepare('SELECT CAST(id AS BLOB), checksum FROM store').raw().all() as [Buffer, number][]
  const [id, sum] = stores[0] ?? ['', 0]
  if (stores.length !== 1 || checksum(id) !== sum) throw damaged(`\`${main}\` does not know its own id`)

  verifyShards(sql, main, version)
  if (version > 1) {
    verifyLog(sql, main)
    verifyNotes(sql)
  }
  return id.toString()
}

/** Each shard stands where its last commit left it. */
function verifyShards(sql: Database, main: string, version: number): void {
  const table = version > 1 ? 'log_shards' : 'commits'
  const astray = sql.prepare(shardAstrayIn(table)).raw().get() as [Buffer, number, number | null] | undefined
  if (astray === undefined) return
  const [shard, revision, last] = astray
  throw damaged(
    `\`${main}\` has \`${shard}\` at revision ${revision}, and its last commit is ${last ?? 'missing'}`,
  )
}

/** Positions have no gap, and the tables reach to where they say. */
function verifyLog(sql: Database, main: string): void {
  const gap = sql.prepare(gapInLog).raw().get() as [number] | undefined
  if (gap !== undefined) throw damaged(`\`${main}\` lacks commits before position ${gap[0]}`)
  const [applied, placed] = sql.prepare(reachOfTables).raw().get() as [number, number]
  // The position of each row but the last is confirmed by the row after it.
  const last = sql.prepare(lastOfLog).raw().get() as LogRow | undefined
  const end = last === undefined ? 0 : decodeLogRow(last).at(-1)?.position
  if (end !== (last?.[0] ?? 0) || applied > (end ?? 0))
    throw damaged(`\`${main}\` has applied ${applied} commits, and lacks the last of them`)
  if (applied !== placed)
    throw damaged(`\`${main}\` has applied ${applied} commits, and knows the places of ${placed}`)
}

/** All of them: a note whose key is damaged would not be missed by whoever asks for it. */
function verifyNotes(sql: Database): void {
  const rows = sql
    .prepare(
      'SELECT CAST(bucket AS BLOB), CAST(key AS BLOB), CAST(value AS BLOB), expires_at, checksum FROM notes',
    )
    .raw()
  for (const [bucket, ...note] of rows.iterate() as Iterable<[Buffer, ...NoteRow]>)
    decodeNote(bucket.toString(), note)
}

const firstComplaint = 'SELECT CAST(integrity_check AS BLOB) FROM pragma_integrity_check(1)'

const shardAstrayIn = (table: string) => `
  SELECT CAST(shard AS BLOB), revision, last
  FROM (SELECT shard, revision, (SELECT max(revision) FROM ${table} WHERE ${table}.shard = shards.shard) AS last
        FROM shards)
  WHERE revision IS NOT last
  LIMIT 1`

const gapInLog = `
  SELECT position FROM (SELECT position, first, lag(position, 1, 0) OVER (ORDER BY position) AS before FROM log)
  WHERE first <> before + 1 OR position < first
  LIMIT 1`

const lastOfLog =
  'SELECT position, first, CAST(commits AS BLOB), checksum FROM log ORDER BY position DESC LIMIT 1'

const reachOfTables = 'SELECT applied, (SELECT coalesce(max(position), 0) FROM log_shards) FROM store'
