import { lineageBucket, lineageKey, unfinished } from '../lineage.js'
import type { Database } from './database.js'

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
