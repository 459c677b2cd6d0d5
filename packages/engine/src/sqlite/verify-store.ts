import type { Database } from 'libsql'
import { checksum } from './checksum.js'
import { decodeNote, type NoteRow } from './note-rows.js'
import { damaged } from './sqlite-errors.js'
import type { StoreFile } from './store-file.js'

/**
 * Check a store that was just opened, and return its id.
 *
 * SQLite's own check reads the whole file, about two seconds a gigabyte, and proves its structure and its index;
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

  const astray = sql.prepare(shardAstray).raw().get() as [Buffer, number, number | null] | undefined
  if (astray !== undefined) {
    const [shard, revision, last] = astray
    throw damaged(
      `\`${main}\` has \`${shard}\` at revision ${revision}, and its last commit is ${last ?? 'missing'}`,
    )
  }
  if (version > 1) verifyLog(sql, main)
  if (version > 1) verifyNotes(sql)
  return id.toString()
}

/** Positions have no gap, so the last one says how many there are. */
function verifyLog(sql: Database, main: string): void {
  const [count, last] = sql
    .prepare('SELECT count(*), coalesce(max(position), 0) FROM commits')
    .raw()
    .get() as [number, number]
  if (count !== last)
    throw damaged(`\`${main}\` has ${count} commits, and the last stands at position ${last}`)
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

const shardAstray = `
  SELECT CAST(shard AS BLOB), revision, last
  FROM (SELECT shard, revision, (SELECT max(revision) FROM commits WHERE commits.shard = shards.shard) AS last
        FROM shards)
  WHERE revision IS NOT last
  LIMIT 1`
