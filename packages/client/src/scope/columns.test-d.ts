import type { Scope } from '@bailiwick/core'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { ExpressionBuilder } from 'kysely'
import { describe, expectTypeOf, test } from 'vitest'
import { whereInScope as drizzleWhere } from '../drizzle/where-in-scope.js'
import { whereInScope as kyselyWhere } from '../kysely/where-in-scope.js'
import { whereInScope as prismaWhere } from '../prisma/where-in-scope.js'
import { asInteger } from './columns.js'

declare const scope: Scope
declare const eb: ExpressionBuilder<
  { projects: { id: string; org: string; workspace: string | null } },
  'projects'
>

const projects = sqliteTable('projects', { id: integer('id'), org: text('org') })

describe('the columns of a filter', () => {
  test('are not without that of the organization', () => {
    // @ts-expect-error every filter is bound to one organization
    drizzleWhere(scope, { project: projects.id })
    // @ts-expect-error
    kyselyWhere(eb, scope, { project: 'id' })
    // @ts-expect-error
    prismaWhere(scope, { project: 'id' })
  })

  test('are columns that the table has', () => {
    kyselyWhere(eb, scope, { organization: 'org', project: 'projects.id', workspace: 'workspace' })
    // @ts-expect-error there is no such column
    kyselyWhere(eb, scope, { organization: 'org', project: 'identity' })
  })

  test('may say how an id reads in them', () => {
    drizzleWhere(scope, { organization: projects.org, project: { column: projects.id, value: asInteger } })
    // @ts-expect-error a column and nothing else is given as it is
    drizzleWhere(scope, { organization: projects.org, project: { column: projects.id } })
  })

  test('of Prisma make a `where` of the type that is asked for', () => {
    interface ProjectWhereInput {
      AND?: ProjectWhereInput[]
      organizationId?: string
    }
    const where = prismaWhere<ProjectWhereInput>(scope, { organization: 'organizationId' })
    expectTypeOf(where).toEqualTypeOf<ProjectWhereInput>()
  })
})
