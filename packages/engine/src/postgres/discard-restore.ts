import { createHash } from 'node:crypto'
import { StoreUnusable } from '@bailiwick/core'
import { lineageBucket, lineageKey, unfinished } from '../lineage.js'
import type { Database } from './database.js'

/**
 * Do the work of a restore, alone: another one into the same tables would take what comes in for what broke off. The
 * lock is that of a transaction, which lasts as long as the work, so that it holds behind a pooler too.
 *
 * @throws {StoreUnusable} `store_locked`.
 */
export function restoringAlone<Value>(database: Database, work: () => Promise<Value>): Promise<Value> {
  return database.reading(async (runner) => {
    const [row] = await runner.rows<[boolean]>('SELECT pg_try_advisory_xact_lock($1)', lockOf(database))
    if (row?.[0] !== true)
      throw new StoreUnusable('store_locked', 'another restore into this database is under way')
    return work()
  })
}

function lockOf({ schema }: Database): string {
  return createHash('sha256').update(`restore ${schema}`).digest().readBigInt64BE().toString()
}

/**
 * Take away the tables into which a backup came in part, with everything in them.
 *
 * @returns whether there were any: tables of a store in use stay as they are.
 */
export function discardRestore(database: Database): Promise<boolean> {
  return database.writing(async (runner) => {
    const [found] = await runner.rows<[boolean]>(`SELECT to_regclass('{}.notes') IS NOT NULL`)
    if (found?.[0] !== true) return false
    const [note] = await runner.rows<[string]>(
      'SELECT value FROM {}.notes WHERE bucket = $1 AND key = $2 FOR UPDATE',
      lineageBucket,
      lineageKey,
    )
    if (note?.[0] !== unfinished) return false
    await runner.run('DROP SCHEMA {} CASCADE')
    return true
  })
}
