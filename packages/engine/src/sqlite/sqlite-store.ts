import {
  type AnyEntity,
  type Commit,
  type EntityKind,
  type Revision,
  type ShardId,
  StoreUnavailable,
} from '@bailiwick/core'
import type { AppendResult, CommitDraft, LoadedShard, Located, Store } from '../store/store.js'
import { Watchers } from '../store/watchers.js'
import { type Connection, disconnect } from './connect.js'
import { GroupCommit } from './group-commit.js'
import {
  type CommitRow,
  decodeCommit,
  decodeEntities,
  decodeLocated,
  type EntitiesRow,
  encodeDraft,
  type LocatedRow,
} from './rows.js'
import { damaged, storeError } from './sqlite-errors.js'
import type { Statements } from './statements.js'

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
    this.#group = new GroupCommit(connection, this.#watchers)
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
    return this.#group.append(shard, expected, drafts.map(encodeDraft))
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
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly Located<Kind>[]> {
    return this.#read('reading', () => {
      const rows = this.#statements.scan.all(kind, page.after ?? '', page.limit) as LocatedRow[]
      return rows.map((row) => decodeLocated(kind, row))
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
