import type { Scope } from '@bailiwick/core'
import { type Expression, type ExpressionBuilder, type ReferenceExpression, type SqlBool, sql } from 'kysely'
import type { ScopeColumns } from '../scope/columns.js'
import { conditionOf } from '../scope/condition.js'

/**
 * The condition under which a row is in a scope, for Kysely's `where`. Columns must compare byte by byte, as they do
 * in PostgreSQL and SQLite unless told otherwise.
 *
 * @throws {Misconfigured} when the scope needs to know what no column tells, naming the line to add.
 *
 * @example
 * const scope = await authz.scopeFor(session, 'project:view', 'project')
 * await db.selectFrom('projects').selectAll().where((eb) =>
 *   whereInScope(eb, scope, { organization: 'organization_id', project: 'id', workspace: 'workspace_id' }),
 * ).execute()
 */
export function whereInScope<DB, TB extends keyof DB>(
  eb: ExpressionBuilder<DB, TB>,
  scope: Scope,
  columns: ScopeColumns<ReferenceExpression<DB, TB>>,
): Expression<SqlBool> {
  const condition = conditionOf(scope, columns)
  if (condition.kind === 'nothing') return sql<SqlBool>`1 = 0`
  const { organization, within, except } = condition
  // What a column can be compared with is the table's business: ids come as strings, or as `value` reads them.
  const compare = (
    column: ReferenceExpression<DB, TB>,
    operator: '=' | 'in' | 'not in' | 'is',
    value: unknown,
  ) => eb(column, operator, value as never)
  return eb.and([
    compare(organization.column, '=', organization.value),
    ...(within === 'everything'
      ? []
      : [eb.or(within.map(({ column, values }) => compare(column, 'in', values)))]),
    // `not in` alone drops the rows that have no value there.
    ...except.map(({ column, values }) =>
      eb.or([compare(column, 'is', null), compare(column, 'not in', values)]),
    ),
  ])
}
