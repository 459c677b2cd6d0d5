import type { EntityKind, ShardId } from '@bailiwick/core'
import { type KindOfLookup, type LookupName, lookupValue } from '../store/lookups.js'
import { inListOrder, rangeOf, type StorePage } from '../store/range.js'
import type { Located } from '../store/store.js'
import type { Runner } from './database.js'

/** The entity with this id. */
export async function findEntity<Kind extends EntityKind>(
  runner: Runner,
  kind: Kind,
  id: string,
): Promise<Located<Kind> | undefined> {
  const [row] = await runner.keyed<LocatedRow>(
    'SELECT shard, entity FROM {}.entities WHERE kind = $1 AND id = $2',
    kind,
    id,
  )
  return row === undefined ? undefined : located<Kind>(row)
}

/** Entities of one kind, by id. */
export async function scanEntities<Kind extends EntityKind>(
  runner: Runner,
  kind: Kind,
  { shard, ...page }: StorePage & { readonly shard?: ShardId },
): Promise<readonly Located<Kind>[]> {
  const where = new Where('kind', kind)
  if (shard !== undefined) where.equals('shard', shard)
  const rows = await runner.rows<LocatedRow>(
    `SELECT shard, entity FROM {}.entities ${where.range('id', page)}`,
    ...where.values,
  )
  return inListOrder(
    page,
    rows.map((row) => located<Kind>(row)),
  )
}

/** Entities by a look-up. */
export async function lookUpEntities<Name extends LookupName>(
  runner: Runner,
  name: Name,
  value: string,
  page: StorePage,
): Promise<readonly Located<KindOfLookup<Name>>[]> {
  const where = new Where('lookups.name', name).equals('lookups.value', lookupValue(name, value))
  const rows = await runner.rows<LocatedRow>(
    `SELECT entities.shard, entities.entity FROM {}.lookups AS lookups
     JOIN {}.entities AS entities ON entities.kind = lookups.kind AND entities.id = lookups.id
     ${where.range('lookups.id', page)}`,
    ...where.values,
  )
  return inListOrder(
    page,
    rows.map((row) => located<KindOfLookup<Name>>(row)),
  )
}

type LocatedRow = [ShardId, string]

function located<Kind extends EntityKind>([shard, json]: LocatedRow): Located<Kind> {
  return { shard, entity: JSON.parse(json) }
}

/** The conditions of a query, and the values of its parameters. */
class Where {
  readonly values: unknown[] = []
  readonly #conditions: string[] = []

  constructor(column: string, value: string) {
    this.equals(column, value)
  }

  equals(column: string, value: string): this {
    return this.#compare(column, '=', value)
  }

  /** The rest of the query, for one page in the order of a column. */
  range(column: string, page: StorePage): string {
    const { above, below, descending, limit } = rangeOf(page)
    if (above !== undefined) this.#compare(column, '>', above)
    if (below !== undefined) this.#compare(column, '<', below)
    this.values.push(limit)
    return `WHERE ${this.#conditions.join(' AND ')} ORDER BY ${column} ${descending ? 'DESC' : 'ASC'} LIMIT $${this.values.length}`
  }

  #compare(column: string, operator: '=' | '>' | '<', value: string): this {
    this.values.push(value)
    this.#conditions.push(`${column} ${operator} $${this.values.length}`)
    return this
  }
}
