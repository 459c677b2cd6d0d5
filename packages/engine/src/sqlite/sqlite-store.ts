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
import { type KindOfLookup, type LookupName, lookupValue } from '../store/lookups.js'
import { type IdRange, pageOf, type StorePage } from '../store/range.js'
import type { AppendResult, CommitDraft, LoadedShard, Located, LogPage, Store } from '../store/store.js'
import { Watchers } from '../store/watchers.js'
import { appendDrafts } from './append-drafts.js'
import { type Connection, disconnect } from './connect.js'
import { GroupCommit } from './group-commit.js'
import {
  type CommitRow,
  decodeCommit,
  decodeEntities,
  decodeFound,
  decodeLocated,
  decodeLogEntry,
  type EntitiesRow,
  encodeDraft,
  type FoundRow,
  type LocatedRow,
  type LogRow,
} from './rows.js'
import { damaged, storeError } from './sqlite-errors.js'
import { SqliteNotebook } from './sqlite-notebook.js'
import { readRange, type Statements } from './statements.js'

/** A store over an open, verified database. Reads answer from the calling turn of the event loop. */
export class SqliteStore implements Store {
  readonly access = 'exclusive'
  readonly #watchers = new Watchers()
  readonly #statements: Statements
  readonly #group: GroupCommit
  #closed = false
  #released = false

  constructor(
    private readonly connection: Connection,
    private readonly lock: { readonly release: () => void },
  ) {
    this.#statements = connection.statements
    this.#group = new GroupCommit(connection)
  }

  get id(): string {
    return this.connection.storeId
  }

  async load(shard: ShardId): Promise<LoadedShard | undefined> {
    return this.#read('loading', () => {
      const [revision, count] = this.#shard(shard)
      if (revision === 0) return undefined
      const entities = this.#entities(shard, count)
      if (entities.length !== count) {
        throw damaged(`\`${shard}\` has ${entities.length} entities where ${count} were stored`)
      }
      return { revision, entities }
    })
  }

  async revision(shard: ShardId): Promise<Revision> {
    return this.#read('reading', () => this.#shard(shard)[0])
  }

  async commitsSince(shard: ShardId, revision: Revision): Promise<readonly Commit[]> {
    return this.#read('reading', () => {
      const [latest] = this.#shard(shard)
      const since = Math.max(revision, 0)
      const rows = this.#statements.commitsSince.all(shard, since) as CommitRow[]
      if (since + rows.length !== Math.max(latest, since)) {
        throw damaged(`\`${shard}\` is at revision ${latest} and has ${rows.length} commits after ${since}`)
      }
      return rows.map((row, n) => decodeCommit(shard, since + n + 1, row))
    })
  }

  async append(
    shard: ShardId,
    expected: Revision,
    drafts: readonly [CommitDraft, ...CommitDraft[]],
  ): Promise<AppendResult> {
    this.#mustBeOpen()
    const rows = drafts.map(encodeDraft)
    const outcome = await this.#group.run(
      () => appendDrafts(this.#statements, shard, expected, rows),
      (settled) => {
        if (settled.kind === 'appended') this.#watchers.tell(shard, expected, settled.revision)
      },
    )
    if (outcome.kind === 'bug') throw outcome.error
    return outcome
  }

  watch(listener: (shard: ShardId, revision: Revision) => void): () => void {
    this.#mustBeOpen()
    return this.#watchers.add(listener)
  }

  async find<Kind extends EntityKind>(kind: Kind, id: string): Promise<Located<Kind> | undefined> {
    return this.#read('reading', () => {
      const row = this.#statements.find.get(kind, id) as LocatedRow | undefined
      return row === undefined ? undefined : decodeLocated(kind, row)
    })
  }

  async scan<Kind extends EntityKind>(
    kind: Kind,
    { shard, ...page }: StorePage & { readonly shard?: ShardId },
  ): Promise<readonly Located<Kind>[]> {
    const { scan, scanShard } = this.#statements
    return this.#read('reading', () => {
      const rows = pageOf(
        page,
        (range) =>
          (shard === undefined
            ? readRange(scan, range, kind)
            : readRange(scanShard, range, shard, kind)) as LocatedRow[],
      )
      return rows.map((row) => decodeLocated(kind, row))
    })
  }

  async lookup<Name extends LookupName>(
    name: Name,
    value: string,
    page: StorePage,
  ): Promise<readonly Located<KindOfLookup<Name>>[]> {
    const sought = lookupValue(name, value)
    return this.#read('reading', () => {
      const read = (range: IdRange) => readRange(this.#statements.lookup, range, name, sought) as FoundRow[]
      return pageOf(page, read).map((row) => decodeFound(name, sought, row))
    })
  }

  async log({ after, limit }: LogPage): Promise<readonly LogEntry[]> {
    return this.#read('reading', () => {
      const rows = this.#statements.log.all(after, limit) as LogRow[]
      return rows.map((row, n) => decodeLogEntry(after + n + 1, row))
    })
  }

  async lastPosition(): Promise<number> {
    return this.#read('reading', () => (this.#statements.lastPosition.get() as [number])[0])
  }

  notebook(clock: () => number): Notebook {
    this.#mustBeOpen()
    return new SqliteNotebook({
      statements: this.#statements,
      group: this.#group,
      clock,
      mustBeOpen: () => this.#mustBeOpen(),
      reading: (read) => this.#read('reading', read),
    })
  }

  /**
   * Store what is under way, move everything into the one file and unlock it.
   *
   * @throws {StoreUnavailable} when the disk has no room for that. Nothing is lost: close again, or end the process
   *   and the next open does it.
   */
  async close(): Promise<void> {
    this.#closed = true
    this.#group.drain()
    this.#watchers.clear()
    if (this.#released) return
    try {
      disconnect(this.connection)
    } catch (error) {
      throw storeError(error, 'closing the store')
    }
    this.#released = true
    this.lock.release()
  }

  /** Its revision and how many entities it holds; 0 and 0 when it was never written. */
  #shard(shard: ShardId): readonly [Revision, number] {
    return (this.#statements.shard.get(shard) as [number, number] | undefined) ?? [0, 0]
  }

  #entities(shard: ShardId, count: number): AnyEntity[] {
    const entities: AnyEntity[] = []
    let after: readonly [string, string] = ['', '']
    for (;;) {
      const rows = this.#statements.load.all(shard, ...after, entitiesPerQuery) as EntitiesRow[]
      for (const row of rows) decodeEntities(shard, row, entities)
      const last = rows.at(-1)
      // More than were stored is damage, and might go round in circles.
      if (last === undefined || entities.length > count) return entities
      after = [last[0].toString(), last[1].toString()]
    }
  }

  #read<Value>(doing: string, read: () => Value): Value {
    this.#mustBeOpen()
    try {
      return read()
    } catch (error) {
      throw storeError(error, `${doing} from the store`)
    }
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new StoreUnavailable('the store is closed')
  }
}

/** One query hands over a few megabytes at most. */
const entitiesPerQuery = 4_096
