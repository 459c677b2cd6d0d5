import { assertNever, Misconfigured, type ResourceAddress, rootType, type Scope } from '@bailiwick/core'
import type { IdColumn, ScopeColumns } from './columns.js'

/** A column, and the values of it that are meant: at least one. */
export interface Values<Column> {
  readonly column: Column
  readonly values: readonly unknown[]
}

/** A scope as a condition on the columns of a table, for an adapter to write in its own words. */
export type Condition<Column> =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'rows'
      readonly organization: { readonly column: Column; readonly value: unknown }
      /** Any of these, or every row of the organization. */
      readonly within: 'everything' | readonly [Values<Column>, ...Values<Column>[]]
      /** None of these. A row without a value in the column is not excepted by it. */
      readonly except: readonly Values<Column>[]
    }

/**
 * Put a scope into the columns of a table.
 *
 * @throws {Misconfigured} when the scope needs to know what no column tells, naming the line to add: a filter that
 *   cannot be exact is none.
 */
export function conditionOf<Column>(scope: Scope, columns: ScopeColumns<Column>): Condition<Column> {
  if (scope.kind === 'none') return { kind: 'nothing' }
  const { organizationId } = scope
  const { column, value } = read(columnOf(scope.type, rootType, columns))
  const organization = { column, value: value(organizationId) }
  if (organization.value === undefined) return { kind: 'nothing' }
  switch (scope.kind) {
    case 'all':
      return { kind: 'rows', organization, within: 'everything', except: [] }
    case 'some': {
      const except = valuesByType(scope.type, scope.except, columns)
      // The root of the organization is above every row of it.
      if (scope.within.some(({ type }) => type === rootType))
        return { kind: 'rows', organization, within: 'everything', except }
      const [first, ...others] = valuesByType(scope.type, scope.within, columns)
      if (first === undefined) return { kind: 'nothing' }
      return { kind: 'rows', organization, within: [first, ...others], except }
    }
    default:
      return assertNever(scope)
  }
}

function valuesByType<Column>(
  of: string,
  resources: readonly ResourceAddress[],
  columns: ScopeColumns<Column>,
): readonly Values<Column>[] {
  const byType = new Map<string, { column: Column; values: unknown[] }>()
  for (const { type, externalId } of resources) {
    const { column, value } = read(columnOf(of, type, columns))
    const known = byType.get(type) ?? { column, values: [] }
    byType.set(type, known)
    const form = value(externalId)
    if (form !== undefined) known.values.push(form)
  }
  return [...byType.values()].filter(({ values }) => values.length > 0)
}

function columnOf<Column>(of: string, type: string, columns: ScopeColumns<Column>): IdColumn<Column> {
  const column = Object.hasOwn(columns, type)
    ? (columns as Readonly<Record<string, IdColumn<Column> | undefined>>)[type]
    : undefined
  if (column !== undefined) return column
  throw new Misconfigured(
    type === rootType
      ? `a scope is bound to one organization: add \`${type}: <the column with its organization's id>\` to the columns`
      : `the scope of \`${of}\` depends on the \`${type}\` that a row ${of === type ? 'is' : 'lies under'}: add \`${type}: <the column with its external id>\` to the columns`,
  )
}

function read<Column>(column: IdColumn<Column>): {
  readonly column: Column
  readonly value: (id: string) => unknown
} {
  const isRead = typeof column === 'object' && column !== null && 'column' in column && 'value' in column
  return isRead ? column : { column: column as Column, value: (id) => id }
}
