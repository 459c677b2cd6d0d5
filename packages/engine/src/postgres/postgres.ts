import { Misconfigured } from '@bailiwick/core'
import { Client, Pool } from 'pg'
import type { StoreOpener } from '../store/store.js'
import { Database } from './database.js'
import { discardRestore, restoringAlone } from './discard-restore.js'
import { Hints } from './hints.js'
import { migrate } from './migrate.js'
import { openingError } from './postgres-errors.js'
import { PostgresStore } from './postgres-store.js'
import { readServer } from './read-server.js'

export interface PostgresOptions {
  /** The PostgreSQL schema that holds the tables. Made if it is not there. Default `bailiwick`. */
  readonly schema?: string
  /** Connections at most, for this store. Default 10. */
  readonly maxConnections?: number
  /** How long one statement may take. Milliseconds, default 10 000. */
  readonly statementTimeoutMs?: number
  /**
   * Whether connections keep the statements that are asked again and again prepared. Default `true`: where a pooler
   * loses them, that is noticed, and the store goes on without.
   */
  readonly prepare?: boolean
}

/**
 * A store in PostgreSQL 13 or later: any number of processes share it. Every write is one transaction at an expected
 * revision, and nothing needs the session to last, so a pooler may stand in between. CockroachDB and YugabyteDB are
 * written to in their own way: `docs/scaling.md` says what of it has been run.
 *
 * @param connectionString - `postgres://user:password@host:5432/database`.
 * @returns An opener that rejects with `StoreUnavailable` when the server cannot be reached, with `Misconfigured` when
 *   it does not let us in, and with `StoreUnusable` for tables that a newer release made.
 *
 * @example
 * const engine = await openEngine({ store: postgres(process.env.DATABASE_URL), model })
 */
export function postgres(connectionString: string, options: PostgresOptions = {}): StoreOpener {
  const connect = connector(connectionString, options)
  return async () => {
    const database = connect()
    try {
      database.server = await readServer(database)
      return new PostgresStore(database, hintsOver(connectionString, database), await migrate(database))
    } catch (error) {
      await database.close(async () => {})
      throw openingError(error)
    }
  }
}

/**
 * Restore a backup into a database while nobody else does, and into nothing: what an earlier one left in part goes
 * first, and what this one leaves in part goes when it fails.
 *
 * @param restore - Fills the store, and closes it.
 * @throws {StoreUnusable} `store_locked` while another restore is under way.
 */
export async function restoreAlone<Value>(
  connectionString: string,
  restore: () => Promise<Value>,
  options: PostgresOptions = {},
): Promise<Value> {
  const database = connector(connectionString, options)()
  try {
    database.server = await readServer(database)
    await migrate(database)
    return await restoringAlone(database, async () => {
      await discardRestore(database)
      try {
        return await restore()
      } catch (error) {
        // What came in part opens no engine, and goes: the next one begins anew.
        await discardRestore(database).catch(() => {})
        throw error
      }
    })
  } catch (error) {
    throw openingError(error)
  } finally {
    await database.close(async () => {})
  }
}

function connector(connectionString: string, options: PostgresOptions): () => Database {
  const { schema = 'bailiwick', maxConnections = 10, statementTimeoutMs = 10_000, prepare = true } = options
  // What is wrong with it is not shown: it holds a password.
  if (!/^postgres(ql)?:\/\//.test(connectionString) || !URL.canParse(connectionString)) {
    throw new Misconfigured(
      'the database must be named as `postgres://user:password@host:5432/database`, and `%` codes stand for what is special in an address',
    )
  }
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    throw new Misconfigured(
      '`schema` must be 1 to 63 lower-case letters, digits or `_`, not beginning with a digit',
    )
  }
  return () => {
    const pool = new Pool({
      connectionString,
      max: maxConnections,
      connectionTimeoutMillis: 5_000,
      query_timeout: statementTimeoutMs,
    })
    // A connection that breaks while nobody uses it is replaced at the next use: nobody must hear of it.
    pool.on('error', () => {})
    // One that breaks in the middle of a transaction breaks the next statement: that is heard of.
    pool.on('connect', (client) => client.on('error', () => {}))
    return new Database(pool, schema, { prepare })
  }
}

function hintsOver(connectionString: string, { schema }: Database): Hints {
  return new Hints(
    () => new Client({ connectionString, connectionTimeoutMillis: 5_000, keepAlive: true }),
    schema,
  )
}
