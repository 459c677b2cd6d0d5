import { StoreUnusable } from '@bailiwick/core'
import { ulid } from 'ulid'
import { lineageBucket, lineageKey, unfinished } from '../lineage.js'
import type { Database } from './database.js'
import { isLocked } from './postgres-errors.js'

/** The note at which restores wait for each other. It has expired when it is made, so that no reader meets it. */
const lockNote = [lineageBucket, 'restoring'] as const

/**
 * Do the work of a restore, alone: another one into the same tables would take what comes in for what broke off. The
 * lock is that of a row, and of a transaction that lasts as long as the work, so that it holds behind a pooler too.
 *
 * @throws {StoreUnusable} `store_locked`.
 */
export async function restoringAlone<Value>(database: Database, work: () => Promise<Value>): Promise<Value> {
  const done =
    (await holdingTheNote(database, work)) ??
    // There was no note to hold: from now on there is one.
    (await makeNote(database).then(() => holdingTheNote(database, work)))
  if (done === undefined) throw locked()
  if (done.status === 'rejected') throw done.reason
  return done.value
}

type Done<Value> = PromiseSettledResult<Value> | undefined

function holdingTheNote<Value>(database: Database, work: () => Promise<Value>): Promise<Done<Value>> {
  const held = database.writing<Done<Value>>(async (runner, undo) => {
    const rows = await runner.rows(
      'SELECT 1 FROM {}.notes WHERE bucket = $1 AND key = $2 FOR UPDATE NOWAIT',
      ...lockNote,
    )
    if (rows.length === 0) return undo(undefined)
    // CockroachDB may lose a lock that was only asked for; what is written stays.
    await runner.run('UPDATE {}.notes SET expires_at = 0 WHERE bucket = $1 AND key = $2', ...lockNote)
    const [done] = await Promise.allSettled([work()])
    // What becomes of the work is no reason to do it again.
    return undo(done)
  })
  return held.catch((error: unknown) => {
    throw isLocked(error) ? locked(error) : error
  })
}

async function makeNote(database: Database): Promise<void> {
  await database.run(
    `INSERT INTO {}.notes (bucket, key, value, expires_at) VALUES ($1, $2, '', 0)
     ON CONFLICT (bucket, key) DO NOTHING`,
    ...lockNote,
  )
}

function locked(cause?: unknown): StoreUnusable {
  return new StoreUnusable('store_locked', 'another restore into this database is under way', { cause })
}

/** Take away what a backup brought that came in part: what a store in use has stays as it is. */
export async function discardRestore(database: Database): Promise<void> {
  const [note] = await database.rows<[string]>(
    'SELECT value FROM {}.notes WHERE bucket = $1 AND key = $2',
    lineageBucket,
    lineageKey,
  )
  if (note?.[0] !== unfinished) return
  // The note that says so goes last: what breaks off here too is found again.
  for (const table of ['commits', 'entities', 'lookups', 'shards']) await database.run(`TRUNCATE {}.${table}`)
  await database.run('UPDATE {}.store SET id = $1, position = 0, hash = NULL', ulid())
  await database.run('DELETE FROM {}.notes WHERE NOT (bucket = $1 AND key = $2)', ...lockNote)
}
