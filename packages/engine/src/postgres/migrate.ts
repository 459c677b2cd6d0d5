import { StoreUnusable } from '@bailiwick/core'
import { ulid } from 'ulid'
import type { Database, Runner } from './database.js'
import { migrations } from './schema.js'

/**
 * Bring the tables to the form of this release, once however many processes start together.
 *
 * @returns The id of the store.
 * @throws {StoreUnusable} `store_newer`.
 */
export async function migrate(database: Database): Promise<string> {
  // Most often there is nothing to do, and nobody must wait for a lock to learn that.
  const before = await stateOf(database)
  if (before?.version === migrations.length) return before.id
  return database.writing(async (runner) => {
    await runner.rows('SELECT pg_advisory_xact_lock($1)', lockKey)
    const state = await stateOf(runner)
    const version = state?.version ?? 0
    if (version > migrations.length) {
      throw new StoreUnusable(
        'store_newer',
        `the schema \`${database.schema}\` is of version ${version}, and this release knows ${migrations.length}: upgrade Bailiwick`,
      )
    }
    for (const migration of migrations.slice(version)) await runner.run(migration)
    const id = state?.id ?? ulid()
    await runner.run(
      `INSERT INTO {}.store (only_one, id, version, position) VALUES (true, $1, $2, 0)
       ON CONFLICT (only_one) DO UPDATE SET version = excluded.version`,
      id,
      migrations.length,
    )
    return id
  })
}

/** Ours alone among those who lock by number in this database: the bytes `BLWK`. */
const lockKey = 0x424c574b

async function stateOf(
  runner: Runner,
): Promise<{ readonly id: string; readonly version: number } | undefined> {
  // Not `to_regclass`: a session that has found nothing once goes on to find nothing until its transaction ends.
  const found = await runner.rows(
    "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename = 'store'",
    runner.schema,
  )
  if (found.length === 0) return undefined
  const [row] = await runner.rows<[string, number]>('SELECT id, version FROM {}.store')
  return row === undefined ? undefined : { id: row[0], version: row[1] }
}
