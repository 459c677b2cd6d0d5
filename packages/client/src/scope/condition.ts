import { assertNever, Misconfigured, type ResourceAddress, rootType, type Scope } from '@bailiwick/core'
import type { IdColumn, ScopeColumns } from './columns.js'

/** A column, and the values of it that are meant: at least one. */
export interface Values<Column> {
  readonly column: Column
  readonly values: readonly unknown[]
}

/** A scope as a condition on the columns of a table, for an adapter to write in its own words. */
export type Condition<Column> =
  /** No row. The column is the organization's, for whom a condition must be about some column. */
  | { readonly kind: 'nothing'; readonly column: Column }
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
  const { column, value } = organizationOf(columns)
  const nothing = { kind: 'nothing', column } as const
  if (scope.kind === 'none') return nothing
  const organization = { column, value: value(scope.organizationId) }
  if (isNoId(organization.value)) return nothing
  switch (scope.kind) {
    case 'all':
      return { kind: 'rows', organization, within: 'everything', except: [] }
    case 'some': {
      const except = valuesByType(scope.type, scope.except, columns)
      // The root of the organization is above every row of it.
      if (scope.within.some(({ type }) => type === rootType))
        return { kind: 'rows', organization, within: 'everything', except }
      const [first, ...others] = valuesByType(scope.type, scope.within, columns)
      if (first === undefined) return nothing
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
    const { column, value } = columnOf(of, type, columns)
    const known = byType.get(type) ?? { column, values: [] }
    byType.set(type, known)
    const form = value(externalId)
    if (!isNoId(form)) known.values.push(form)
  }
  return [...byType.values()].filter(({ values }) => values.length > 0)
}

// Null would be the id of every row that has none.
function isNoId(value: unknown): boolean {
  return value === undefined || value === null
}

function organizationOf<Column>(columns: ScopeColumns<Column>): ReadColumn<Column> {
  const column = find(rootType, columns)
  if (column !== undefined) return column
  throw new Misconfigured(
    `a scope is bound to one organization: add \`${rootType}: <the column with its organization's id>\` to the columns`,
  )
}

function columnOf<Column>(of: string, type: string, columns: ScopeColumns<Column>): ReadColumn<Column> {
  const column = find(type, columns)
  if (column !== undefined) return column
  throw new Misconfigured(
    `the scope of \`${of}\` depends on the \`${type}\` that a row ${of === type ? 'is' : 'lies under'}: add \`${type}: <the column with its external id>\` to the columns`,
  )
}

/** A column, and how ids read in it. */
interface ReadColumn<Column> {
  readonly column: Column
  readonly value: (id: string) => unknown
}

function find<Column>(type: string, columns: ScopeColumns<Column>): ReadColumn<Column> | undefined {
  const byType: Readonly<Record<string, IdColumn<Column> | undefined>> = columns
  const given = Object.hasOwn(byType, type) ? byType[type] : undefined
  // Without TypeScript it may be one that is not there: a row without a value in `null` is every row.
  const column = isRead(given) ? given.column : given
  if (column === undefined || column === null) return undefined
  return isRead(given) ? given : { column: column as Column, value: (id) => id }
}

function isRead<Column>(column: IdColumn<Column> | undefined): column is ReadColumn<Column> {
  return typeof column === 'object' && column !== null && 'column' in column && 'value' in column
}
