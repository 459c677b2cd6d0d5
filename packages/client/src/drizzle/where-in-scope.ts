import { Misconfigured, type Scope } from '@bailiwick/core'
import {
  and,
  Column,
  eq,
  inArray,
  is,
  isNull,
  notInArray,
  or,
  type SQL,
  type SQLWrapper,
  sql,
} from 'drizzle-orm'
import type { ScopeColumns } from '../scope/columns.js'
import { conditionOf } from '../scope/condition.js'

/**
 * The condition under which a row is in a scope, for Drizzle's `where`. Columns must compare byte by byte, as they
 * do in PostgreSQL and SQLite unless told otherwise.
 *
 * @throws {Misconfigured} when the scope needs to know what no column tells, or a column is of another type than
 *   text and nothing tells how an id reads in it: the message names the line to add.
 *
 * @example
 * const scope = await authz.scopeFor(session, 'project:view', 'project')
 * const inScope = whereInScope(scope, {
 *   organization: projects.organizationId,
 *   project: projects.id,
 *   workspace: projects.workspaceId,
 * })
 * await db.select().from(projects).where(and(inScope, eq(projects.archived, false)))
 */
export function whereInScope(scope: Scope, columns: ScopeColumns<SQLWrapper>): SQL {
  for (const [type, column] of Object.entries(columns)) requireText(type, column)
  const condition = conditionOf(scope, columns)
  if (condition.kind === 'nothing') return nothing
  const { organization, within, except } = condition
  return all(
    eq(organization.column, organization.value),
    ...(within === 'everything'
      ? []
      : [any(...within.map(({ column, values }) => inArray(column, [...values])))]),
    // `not in` alone drops the rows that have no value there.
    ...except.map(({ column, values }) => any(isNull(column), notInArray(column, [...values]))),
  )
}

/** A database that turns text into something else may take two ids for one: `07` for 7, an upper-case UUID. */
function requireText(type: string, column: unknown): void {
  if (!is(column, Column) || /(Text|VarChar)$/i.test(column.columnType)) return
  throw new Misconfigured(
    `column \`${column.name}\` is no text (${column.columnType}): say how an external id reads in it, such as \`${type}: { column, value: asInteger }\``,
  )
}

const nothing = sql`1 = 0`

// Drizzle's own answer to no condition is no restriction.
function all(...conditions: readonly SQL[]): SQL {
  return and(...conditions) ?? nothing
}

function any(...conditions: readonly SQL[]): SQL {
  return or(...conditions) ?? nothing
}
