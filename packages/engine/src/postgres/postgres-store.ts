import {
  type AnyEntity,
  type Commit,
  type EntityKind,
  type LogEntry,
  type Notebook,
  type Revision,
  type ShardId,
  StoreUnavailable,
} from '@bailiwick/core'
import { draftRow } from '../store/draft-rows.js'
import { type KindOfLookup, type LookupName, lookupValue } from '../store/lookups.js'
import { inListOrder, rangeOf, type StorePage } from '../store/range.js'
import type { AppendResult, CommitDraft, LoadedShard, Located, LogPage, Store } from '../store/store.js'
import { Watchers } from '../store/watchers.js'
import { appendDrafts } from './append-drafts.js'
import { CommitLog } from './commit-log.js'
import type { Database } from './database.js'
import { PostgresNotebook } from './postgres-notebook.js'
import { Revisions } from './revisions.js'
import { Turns } from './turns.js'

/** A store over tables that are there. Others may have it open too. */
export class PostgresStore implements Store {
  readonly access = 'shared'
  readonly #watchers = new Watchers()
  readonly #revisions: Revisions
  readonly #log: CommitLog
  /** Appends of one shard go one after the other: side by side they would only wait for its lock. */
  readonly #appends = new Turns()

  constructor(
    private readonly database: Database,
    readonly id: string,
  ) {
    this.#revisions = new Revisions(database)
    this.#log = new CommitLog(database)
  }

  load(shard: ShardId): Promise<LoadedShard | undefined> {
    return this.database.reading(async (runner) => {
      const [at] = await runner.rows<[string]>('SELECT revision FROM {}.shards WHERE shard = $1', shard)
      if (at === undefined) return undefined
      const entities: AnyEntity[] = []
      for (let after: readonly [string, string] = ['', '']; ; ) {
        const rows = await runner.rows<[EntityKind, string, string]>(
          `SELECT kind, id, entity FROM {}.entities
           WHERE shard = $1 AND (kind, id) > ($2, $3) ORDER BY kind, id LIMIT $4`,
          shard,
          ...after,
          entitiesPerQuery,
        )
        // The kind belongs to the entity, which their types apart cannot say.
        for (const [kind, , json] of rows) entities.push({ kind, entity: JSON.parse(json) } as AnyEntity)
        const last = rows.at(-1)
        if (last === undefined || rows.length < entitiesPerQuery) {
          return { revision: Number(at[0]), entities }
        }
        after = [last[0], last[1]]
      }
    })
  }

  async revision(shard: ShardId): Promise<Revision> {
    this.database.mustBeOpen()
    return this.#revisions.get(shard)
  }

  async commitsSince(shard: ShardId, revision: Revision): Promise<readonly Commit[]> {
    const since = Math.max(revision, 0)
    const rows = await this.database.rows<[string, string, string]>(
      'SELECT revision, at, changes FROM {}.commits WHERE shard = $1 AND revision > $2 ORDER BY revision',
      shard,
      since,
    )
    return rows.map(([stored, at, changes], n) => {
      if (Number(stored) !== since + n + 1)
        throw new StoreUnavailable(`commit ${since + n + 1} of \`${shard}\` is missing`)
      return { shard, revision: Number(stored), at, changes: JSON.parse(changes) }
    })
  }

  async append(
    shard: ShardId,
    expected: Revision,
    drafts: readonly [CommitDraft, ...CommitDraft[]],
  ): Promise<AppendResult> {
    this.database.mustBeOpen()
    const rows = drafts.map((draft) => draftRow(draft, (_, entity) => JSON.stringify(entity)))
    const outcome = await this.#appends.run(shard, () => appendDrafts(this.database, shard, expected, rows))
    if (outcome.kind === 'bug') throw outcome.error
    if (outcome.kind === 'appended') this.#watchers.tell(shard, expected, outcome.revision)
    return outcome
  }

  watch(listener: (shard: ShardId, revision: Revision) => void): () => void {
    this.database.mustBeOpen()
    return this.#watchers.add(listener)
  }

  async find<Kind extends EntityKind>(kind: Kind, id: string): Promise<Located<Kind> | undefined> {
    const [row] = await this.database.rows<LocatedRow>(
      'SELECT shard, entity FROM {}.entities WHERE kind = $1 AND id = $2',
      kind,
      id,
    )
    return row === undefined ? undefined : located<Kind>(row)
  }

  async scan<Kind extends EntityKind>(
    kind: Kind,
    { shard, ...page }: StorePage & { readonly shard?: ShardId },
  ): Promise<readonly Located<Kind>[]> {
    const where = new Where('kind', kind)
    if (shard !== undefined) where.equals('shard', shard)
    const rows = await this.database.rows<LocatedRow>(
      `SELECT shard, entity FROM {}.entities ${where.range('id', page)}`,
      ...where.values,
    )
    return inListOrder(
      page,
      rows.map((row) => located<Kind>(row)),
    )
  }

  async lookup<Name extends LookupName>(
    name: Name,
    value: string,
    page: StorePage,
  ): Promise<readonly Located<KindOfLookup<Name>>[]> {
    const where = new Where('lookups.name', name).equals('lookups.value', lookupValue(name, value))
    const rows = await this.database.rows<LocatedRow>(
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

  log(page: LogPage): Promise<readonly LogEntry[]> {
    return this.#log.read(page)
  }

  lastPosition(): Promise<number> {
    return this.#log.last()
  }

  notebook(clock: () => number): Notebook {
    this.database.mustBeOpen()
    return new PostgresNotebook(this.database, clock)
  }

  async close(): Promise<void> {
    await this.database.close(() => this.#appends.over())
    this.#watchers.clear()
  }
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

/** One query hands over a few megabytes at most. */
const entitiesPerQuery = 10_000
