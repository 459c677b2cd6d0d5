import { whereInScope } from '@bailiwick/client/drizzle'
import { drizzle } from 'drizzle-orm/node-postgres'
import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, test } from 'vitest'
import { Random, seedOfRun } from '../oracle/random/random.js'
import { describeWithPostgres, type TestDatabase, testDatabase } from '../stores/test-database.js'
import { type ProjectsDatabase, selectByKysely } from './kysely-projects.js'
import type { ProjectRow } from './projects.js'
import { expectSameRows } from './same-rows.js'

const seed = seedOfRun()

const projects = pgTable('projects', {
  id: text('id').notNull(),
  number: integer('number').notNull(),
  organizationId: text('organization_id').notNull(),
  workspaceId: text('workspace_id'),
  folderId: text('folder_id'),
})

describeWithPostgres(`filters in PostgreSQL (SEED=${seed})`, () => {
  let database: TestDatabase
  let pool: pg.Pool

  beforeAll(async () => {
    database = await testDatabase()
    pool = new pg.Pool({ connectionString: database.connectionString })
    // It has ended before its connections have: they may hear that the server stops, and nobody else would.
    pool.on('error', () => {})
    await pool.query(
      'create table projects (id text not null, number integer not null, organization_id text not null, workspace_id text, folder_id text)',
    )
  })
  afterAll(async () => {
    await pool?.end()
    await database?.stop()
  })

  const fill = async (rows: readonly ProjectRow[]) => {
    await pool.query('delete from projects')
    for (const { id, number, organizationId, workspaceId, folderId } of rows)
      await pool.query('insert into projects values ($1, $2, $3, $4, $5)', [
        id,
        number,
        organizationId,
        workspaceId,
        folderId,
      ])
  }

  test('Drizzle finds the rows that checks allow', async () => {
    const db = drizzle({ client: pool })
    const columns = {
      organization: projects.organizationId,
      project: projects.id,
      folder: projects.folderId,
      workspace: projects.workspaceId,
    }
    const select = (scope: Parameters<typeof whereInScope>[0]) =>
      db.select().from(projects).where(whereInScope(scope, columns))
    await expectSameRows({ fill, select }, new Random(seed), 5)
  })

  test('Kysely finds the rows that checks allow', async () => {
    const db = new Kysely<ProjectsDatabase>({ dialect: new PostgresDialect({ pool }) })
    await expectSameRows({ fill, select: (scope) => selectByKysely(db, scope) }, new Random(seed), 5)
  })
})
