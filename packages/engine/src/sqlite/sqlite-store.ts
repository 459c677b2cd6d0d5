import {
  type Commit,
  type EntityKind,
  type LogEntry,
  type LogLink,
  type Notebook,
  type Revision,
  type ShardId,
  StoreFull,
  StoreUnavailable,
} from '@bailiwick/core'
import { conditionally } from '../store/conditionally.js'
import type { DraftRow } from '../store/draft-rows.js'
import { Gate } from '../store/gate.js'
import type { KindOfLookup, LookupName } from '../store/lookups.js'
import type { StorePage } from '../store/range.js'
import type {
  AppendCondition,
  AppendResult,
  CommitDraft,
  LateAppend,
  LoadedShard,
  Located,
  LogPage,
  Store,
} from '../store/store.js'
import { Watchers } from '../store/watchers.js'
import { headOf } from './append-drafts.js'
import { CommitLog } from './commit-log.js'
import { type Connection, disconnect } from './connect.js'
import type { Pace } from './following-tables.js'
import { GroupCommit } from './group-commit.js'
import { type LateContext, LateWork } from './late-work.js'
import { positionOf } from './position-of.js'
import { findEntity, lookUpEntities, scanEntities } from './read-lists.js'
import { logEntries, logLinks } from './read-log.js'
import { commitsAfter, loadShard } from './read-shard.js'
import type { Reserve } from './reserve.js'
import { type RoomUse, useOf } from './room-use.js'
import { encodeDraft } from './rows.js'
import { storeError } from './sqlite-errors.js'
import { SqliteNotebook } from './sqlite-notebook.js'

/** A store over an open, verified database. Reads answer from the calling turn of the event loop. */
export class SqliteStore implements Store {
  readonly access = 'exclusive'
  readonly #watchers = new Watchers()
  readonly #log: CommitLog
  readonly #group: GroupCommit
  readonly #gate = new Gate()
  readonly #late: LateContext
  #closed = false
  #released = false

  constructor(
    private readonly connection: Connection,
    private readonly lock: { readonly release: () => void },
    private readonly reserve: Reserve,
    pace?: Partial<Pace>,
  ) {
    this.#log = new CommitLog(connection, reserve, pace)
    this.#group = new GroupCommit(this.#log)
    this.#late = {
      log: this.#log,
      gate: this.#gate,
      reserve,
      watchers: this.#watchers,
      again: (work) => (this.#closed ? work.failed(closed()) : this.#group.add(work)),
    }
  }

  get id(): string {
    return this.connection.storeId
  }

  async load(shard: ShardId): Promise<LoadedShard | undefined> {
    return this.#read('loading', () => loadShard(this.#log.current, shard))
  }

  async revision(shard: ShardId): Promise<Revision> {
    return this.#read('reading', () => headOf(this.#log.current, shard).revision)
  }

  async commitsSince(shard: ShardId, revision: Revision, limit?: number): Promise<readonly Commit[]> {
    return this.#read('reading', () => commitsAfter(this.#log.current, shard, revision, limit))
  }

  async append(
    shard: ShardId,
    expected: Revision,
    drafts: readonly [CommitDraft, ...CommitDraft[]],
    condition?: AppendCondition,
  ): Promise<AppendResult> {
    this.#mustBeOpen()
    const rows = drafts.map((draft) => encodeDraft(shard, draft))
    const use = useOf(drafts)
    return conditionally(this.#gate, this, condition, () =>
      this.#withRoom(use, () => this.#append(shard, expected, rows, condition)),
    )
  }

  appendLate(shard: ShardId, late: LateAppend): void {
    if (this.#closed) late.failed(closed())
    else this.#group.add(new LateWork(shard, late, this.#late))
  }

  /** Write, if need be where room is kept for what takes away. */
  #withRoom<Outcome>(use: RoomUse, write: () => Promise<Outcome>): Promise<Outcome> {
    if (use === 'taking')
      return write().catch((error) => {
        if (error instanceof StoreFull && this.reserve.spend(error)) return write()
        throw error
      })
    this.reserve.hold()
    return write()
  }

  #append(
    shard: ShardId,
    expected: Revision,
    rows: readonly DraftRow[],
    condition: AppendCondition | undefined,
  ): Promise<AppendResult> {
    this.#mustBeOpen()
    return this.#group.run(
      'log',
      () => this.#log.append(shard, expected, rows, condition),
      (outcome) => {
        if (outcome.kind === 'bug') throw outcome.error
        if (outcome.kind === 'appended') this.#watchers.tell(shard, expected, outcome.revision)
        return outcome
      },
    )
  }

  watch(listener: (shard: ShardId, revision: Revision) => void): () => void {
    this.#mustBeOpen()
    return this.#watchers.add(listener)
  }

  async find<Kind extends EntityKind>(kind: Kind, id: string): Promise<Located<Kind> | undefined> {
    return this.#read('reading', () => findEntity(this.#log.current, kind, id))
  }

  async scan<Kind extends EntityKind>(
    kind: Kind,
    page: StorePage & { readonly shard?: ShardId },
  ): Promise<readonly Located<Kind>[]> {
    return this.#read('reading', () => scanEntities(this.#log.current, kind, page))
  }

  async lookup<Name extends LookupName>(
    name: Name,
    value: string,
    page: StorePage,
  ): Promise<readonly Located<KindOfLookup<Name>>[]> {
    return this.#read('reading', () => lookUpEntities(this.#log.current, name, value, page))
  }

  async log(page: LogPage): Promise<readonly LogEntry[]> {
    return this.#read('reading', () => logEntries(this.#log, page))
  }

  async lastPosition(): Promise<number> {
    return this.#read('reading', () => this.#log.lastPosition)
  }

  async links(page: LogPage): Promise<readonly LogLink[]> {
    return this.#read('reading', () => logLinks(this.#log, page))
  }

  async positionOf(shard: ShardId, revision: Revision): Promise<number | undefined> {
    return this.#read('reading', () => positionOf(this.#log.current, shard, revision))
  }

  notebook(clock: () => number): Notebook {
    this.#mustBeOpen()
    return new SqliteNotebook({
      statements: this.connection.statements,
      run: (use, write) => this.#withRoom(use, () => this.#group.run('tables', write, (outcome) => outcome)),
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
    const following = this.#log.end()
    if (following !== undefined) await following
    if (this.#released) return
    try {
      this.#disconnect()
    } catch (error) {
      if (!(error instanceof StoreFull) || !this.reserve.spend(error)) throw error
      this.#disconnect()
    }
    this.#released = true
    this.lock.release()
  }

  #disconnect(): void {
    try {
      this.#log.apply()
      disconnect(this.connection)
    } catch (error) {
      throw storeError(error, 'closing the store')
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
    if (this.#closed) throw closed()
  }
}

function closed(): StoreUnavailable {
  return new StoreUnavailable('the store is closed')
}
