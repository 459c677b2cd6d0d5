import type { OrganizationId, ResourceId, Scope } from '@bailiwick/core'
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import { describe, expect, test } from 'vitest'
import { whereInScope } from './where-in-scope.js'

interface Database {
  projects: { id: string; organization_id: string; workspace_id: string | null }
}

const organizationId = 'org_acme' as OrganizationId
const db = new Kysely<Database>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
})

// That the rows are the right ones, test/filters shows on two databases.
describe('a scope as a condition of Kysely', () => {
  test('is parameters in a query of the organization, and nothing of it is written into the text', () => {
    const { sql, parameters } = queryOf({
      kind: 'some',
      organizationId,
      type: 'project',
      within: [{ id: 'authz_resource_1' as ResourceId, type: 'workspace', externalId: "w'1" }],
      except: [{ id: 'authz_resource_2' as ResourceId, type: 'project', externalId: 'p1' }],
    })
    expect(sql).toMatch(
      /"organization_id" = \? and "projects"."workspace_id" in \(\?\) and \("id" is null or "id" not in \(\?\)\)/,
    )
    expect(parameters).toEqual([organizationId, "w'1", 'p1'])
  })

  test('of nothing holds for no row, rather than for every one', () => {
    expect(queryOf({ kind: 'none' }).sql).toContain('where 1 = 0')
  })
})

function queryOf(scope: Scope) {
  return db
    .selectFrom('projects')
    .selectAll()
    .where((eb) =>
      whereInScope(eb, scope, {
        organization: 'organization_id',
        project: 'id',
        workspace: 'projects.workspace_id',
      }),
    )
    .compile()
}
