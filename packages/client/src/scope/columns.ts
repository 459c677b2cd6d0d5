import type { ResourceTypeSlug } from '@bailiwick/core'

/** A column that holds an id as it is, or one that holds it in another form. */
export type IdColumn<Column> =
  | Column
  | {
      readonly column: Column
      /**
       * The column's form of an id, the same for no two ids; `undefined` for an id that no row can have.
       * `asInteger` and `asUuid` are such.
       */
      readonly value: (id: string) => unknown
    }

/**
 * What a table knows of the resources that its rows are: for the rows' own type the column with their external id,
 * and for each type above it the column with the external id of the one that they lie under.
 */
export type ScopeColumns<Column> = {
  /** The column with the organization's id. Every filter is bound to one organization. */
  readonly organization: IdColumn<Column>
} & { readonly [Type in ResourceTypeSlug]?: IdColumn<Column> }

/**
 * An external id as a whole number, for a column of integers. Only the usual way to write one counts, so that `07`
 * is never taken for 7.
 */
export function asInteger(id: string): number | undefined {
  const value = Number(id)
  return Number.isSafeInteger(value) && String(value) === id ? value : undefined
}

/** An external id as a UUID, for a column of UUIDs: in lower case only, as databases write them. */
export function asUuid(id: string): string | undefined {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? id : undefined
}
