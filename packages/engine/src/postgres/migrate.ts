import { StoreUnusable } from '@bailiwick/core'
import type { Database, Runner } from './database.js'
import { migrateInSteps } from './migrate-in-steps.js'
import { makeStore, readState } from './migration-state.js'
import { migrations } from './schema.js'

/**
 * Bring the tables to the form of this release, once however many processes start together.
 *
 * @returns The id of the store.
 * @throws {StoreUnusable} `store_newer`, or `store_damaged` for tables that somebody began to make, and did not.
 */
export async function migrate(database: Database): Promise<string> {
  // Most often there is nothing to do, and nobody must wait to learn that.
  const before = await readState(database)
  if (before?.version === migrations.length) return before.id
  if (before !== undefined && before.version > migrations.length) {
    throw new StoreUnusable(
      'store_newer',
      `the schema \`${database.schema}\` is of version ${before.version}, and this release knows ${migrations.length}: upgrade Bailiwick`,
    )
  }
  return database.server.apart === 'locks' ? database.writing(migrateAtOnce) : migrateInSteps(database)
}

/** Tables are made within a transaction, and whoever else is at it waits at the row of the store, or of the catalog. */
async function migrateAtOnce(runner: Runner): Promise<string> {
  if ((await readState(runner)) === undefined) await makeStore(runner, 0)
  const [row] = await runner.rows<[string, number]>('SELECT id, version FROM {}.store FOR UPDATE')
  if (row === undefined) throw new StoreUnusable('store_damaged', 'the table `store` has lost its row')
  const [id, version] = row
  for (const migration of migrations.slice(version))
    await runner.run('functions' in migration ? migration.functions : migration.tables)
  if (version < migrations.length) await runner.run('UPDATE {}.store SET version = $1', migrations.length)
  return id
}
