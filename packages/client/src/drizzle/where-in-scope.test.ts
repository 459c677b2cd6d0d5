import type { OrganizationId, ResourceAddress, ResourceId, Scope } from '@bailiwick/core'
import { integer as pgInteger, pgTable, uuid, varchar } from 'drizzle-orm/pg-core'
import { integer, QueryBuilder, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { describe, expect, test } from 'vitest'
import { asInteger } from '../scope/columns.js'
import { whereInScope } from './where-in-scope.js'

const organizationId = 'org_acme' as OrganizationId
const projects = sqliteTable('projects', {
  id: text('id').primaryKey(),
  number: integer('number').notNull(),
  organizationId: text('organization_id').notNull(),
  workspaceId: text('workspace_id'),
})
const columns = {
  organization: projects.organizationId,
  project: projects.id,
  workspace: projects.workspaceId,
}

// That the rows are the right ones, test/filters shows on two databases.
describe('a scope as a condition of Drizzle', () => {
  test('is parameters in a query of the organization, and nothing of it is written into the text', () => {
    const { sql, params } = queryOf(whereInScope(some(["w'1"], ['p1']), columns))
    expect(sql).toMatch(
      /"organization_id" = \? and .*"workspace_id" in \(\?\) and .*"id" is null or .*"id" not in \(\?\)/,
    )
    expect(params).toEqual([organizationId, "w'1", 'p1'])
  })

  test('of nothing holds for no row, rather than for every one', () => {
    expect(queryOf(whereInScope({ kind: 'none' }, columns)).sql).toContain('where 1 = 0')
  })

  test('refuses a column that is no text until it is told how ids read in it', () => {
    const scope = some(['w1'])
    expect(() => whereInScope(scope, { ...columns, project: projects.number })).toThrow(
      /column `number` is no text .*`project: { column, value: asInteger }`/,
    )
    const postgres = pgTable('projects', { id: uuid('id'), number: pgInteger('number') })
    expect(() => whereInScope(scope, { ...columns, project: postgres.id })).toThrow(/no text/)
    const json = sqliteTable('projects', { id: text('id', { mode: 'json' }) })
    expect(() => whereInScope(scope, { ...columns, project: json.id })).toThrow(/no text/)
    const short = pgTable('projects', { id: varchar('id', { length: 128 }) })
    expect(queryOf(whereInScope(some([], ['p1']), { ...columns, project: short.id })).params).toContain('p1')
    const told = { ...columns, project: { column: projects.number, value: asInteger } }
    expect(queryOf(whereInScope(some([], ['7']), told)).params).toEqual([organizationId, 7])
  })
})

function queryOf(where: ReturnType<typeof whereInScope>) {
  return new QueryBuilder().select().from(projects).where(where).toSQL()
}

/** Everything below some workspaces, or the organization, but for some projects. */
function some(workspaces: readonly string[], except: readonly string[] = []): Scope {
  const [first = at('organization', organizationId), ...others] = workspaces.map((id) => at('workspace', id))
  return {
    kind: 'some',
    organizationId,
    type: 'project',
    within: [first, ...others],
    except: except.map((id) => at('project', id)),
  }
}

function at(type: string, externalId: string): ResourceAddress {
  return { id: `authz_resource_${externalId}` as ResourceId, type, externalId }
}
