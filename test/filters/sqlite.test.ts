import { asInteger } from '@bailiwick/client'
import { whereInScope } from '@bailiwick/client/drizzle'
import type { OrganizationId, ResourceId, Scope } from '@bailiwick/core'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { drizzle } from 'drizzle-orm/sqlite-proxy'
import { Kysely, SqliteDialect } from 'kysely'
import Database from 'libsql'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Random, seedOfRun } from '../oracle/random/random.js'
import { type ProjectsDatabase, selectByKysely } from './kysely-projects.js'
import type { ProjectRow } from './projects.js'
import { expectSameRows } from './same-rows.js'

const seed = seedOfRun()

const projects = sqliteTable('projects', {
  id: text('id').notNull(),
  number: integer('number').notNull(),
  organizationId: text('organization_id').notNull(),
  workspaceId: text('workspace_id'),
  folderId: text('folder_id'),
})

describe(`filters in SQLite (SEED=${seed})`, () => {
  test('Drizzle finds the rows that checks allow', async () => {
    const { database, fill } = openTable()
    const db = drizzle(async (sql, params) => ({
      rows: database
        .prepare(sql)
        .raw()
        .all(...params),
    }))
    await expectSameRows(
      {
        fill,
        select: (scope) =>
          db
            .select()
            .from(projects)
            .where(
              whereInScope(scope, {
                organization: projects.organizationId,
                project: projects.id,
                folder: projects.folderId,
                workspace: projects.workspaceId,
              }),
            ),
      },
      new Random(seed),
      5,
    )
  })

  test('Kysely finds the rows that checks allow', async () => {
    const { database, fill } = openTable()
    const db = new Kysely<ProjectsDatabase>({ dialect: new SqliteDialect({ database }) })
    await expectSameRows({ fill, select: (scope) => selectByKysely(db, scope) }, new Random(seed), 5)
  })

  test('a table with numbers takes no other id for one of them', async () => {
    const { database, fill } = openTable()
    const row = { organizationId: 'org_acme', workspaceId: null, folderId: null }
    await fill([
      { ...row, id: 'a', number: 7 },
      { ...row, id: 'b', number: 8 },
    ])
    const db = drizzle(async (sql, params) => ({
      rows: database
        .prepare(sql)
        .raw()
        .all(...params),
    }))
    const address = (externalId: string) => ({
      id: 'authz_resource_x' as ResourceId,
      type: 'project',
      externalId,
    })
    const scope: Scope = {
      kind: 'some',
      organizationId: 'org_acme' as OrganizationId,
      type: 'project',
      within: [address('7'), address('08'), address('8.0'), address('x')],
      except: [],
    }
    const where = whereInScope(scope, {
      organization: projects.organizationId,
      project: { column: projects.number, value: asInteger },
    })
    expect((await db.select().from(projects).where(where)).map(({ number }) => number)).toEqual([7])
  })
})

function openTable() {
  const database = new Database(':memory:')
  onTestFinished(() => {
    database.close()
  })
  database.exec(
    'create table projects (id text not null, number integer not null, organization_id text not null, workspace_id text, folder_id text)',
  )
  const insert = database.prepare('insert into projects values (?, ?, ?, ?, ?)')
  const fill = async (rows: readonly ProjectRow[]) => {
    database.exec('delete from projects')
    for (const { id, number, organizationId, workspaceId, folderId } of rows)
      insert.run(id, number, organizationId, workspaceId, folderId)
  }
  return { database, fill }
}
