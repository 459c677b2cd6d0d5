import { ulid } from 'ulid'
import type { Runner } from './database.js'
import { statementsOf, storeTable } from './schema.js'

/** How far the tables are. */
export interface MigrationState {
  /** Of the store. */
  readonly id: string
  /** How many migrations they have; less than none while the next are made one by one. */
  readonly version: number
}

/** How far the tables are; nothing while there are none. */
export async function readState(runner: Runner): Promise<MigrationState | undefined> {
  // Not `to_regclass`: a session that has found nothing once goes on to find nothing until its transaction ends.
  const found = await runner.rows(
    "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename = 'store'",
    runner.schema,
  )
  if (found.length === 0) return undefined
  const [row] = await runner.rows<[string, number | string]>('SELECT id, version FROM {}.store')
  // An `integer` of CockroachDB has 8 bytes, and comes as a text.
  return row === undefined ? undefined : { id: row[0], version: Number(row[1]) }
}

/** Make the row of the store, of which there is one however many make it together. @returns whether this one did. */
export async function makeStore(runner: Runner, version: number): Promise<boolean> {
  for (const statement of statementsOf(storeTable)) await runner.run(statement)
  const made = await runner.run(
    `INSERT INTO {}.store (only_one, id, version, position) VALUES (true, $1, $2, 0)
     ON CONFLICT (only_one) DO NOTHING`,
    ulid(),
    version,
  )
  return made === 1
}
