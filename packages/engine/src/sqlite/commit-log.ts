import type { Commit, Revision, ShardId } from '@bailiwick/core'
import { noHash } from '../chain/link-hash.js'
import type { DraftRow } from '../store/draft-rows.js'
import type { AppendCondition } from '../store/store.js'
import type { AheadRows } from './ahead-rows.js'
import { type AppendOutcome, appendDrafts, type StoredState } from './append-drafts.js'
import type { Connection } from './connect.js'
import { FollowingTables, type Pace } from './following-tables.js'
import { KnownTables } from './known-tables.js'
import {
  type CommitText,
  commitText,
  decodeLogRow,
  followingRow,
  inLogRows,
  type LogEnd,
  type LogRow,
  type WrittenRow,
} from './log-rows.js'
import { Pending } from './pending.js'
import { logEnd } from './read-log.js'
import type { Reserve } from './reserve.js'
import { encodeDraft } from './rows.js'
import { damaged } from './sqlite-errors.js'
import { transact } from './transact.js'

/**
 * The log, and what of it the tables lack. Commits that are written together are a row of the log, which is on disk in a
 * file ahead of SQLite; what each of them changes in the tables is written for many together, with those rows, and known
 * from memory until then.
 */
export class CommitLog implements StoredState {
  readonly pending = new Pending()
  readonly tables: KnownTables
  readonly #following: FollowingTables
  #unwritten: CommitText[] = []
  #end: LogEnd = { position: 0, hash: noHash }
  /** Whether memory holds what the log says. */
  #isRead = false

  constructor(
    private readonly connection: Connection,
    reserve: Reserve,
    pace?: Partial<Pace>,
  ) {
    this.tables = new KnownTables(connection.statements)
    this.#following = new FollowingTables(connection, this.pending, this.tables, reserve, pace)
  }

  get statements() {
    return this.connection.statements
  }

  get ahead(): AheadRows {
    return this.connection.ahead.rows
  }

  /** For a read outside of a transaction. */
  get current(): this {
    this.#read()
    return this
  }

  get lastPosition(): number {
    this.#read()
    return this.#end.position
  }

  /** Before a write: know what is stored, and make room in memory and ahead of SQLite. */
  prepare(): void {
    this.#read()
    this.#following.prepare(this.#end.position)
  }

  /** Decide about an append. What it stores is in memory, and on its way, until it is written. */
  append(
    shard: ShardId,
    expected: Revision,
    drafts: readonly DraftRow[],
    condition?: AppendCondition,
  ): AppendOutcome {
    const position = this.#end.position + this.#unwritten.length + drafts.length
    const outcome = appendDrafts(this, position, shard, expected, drafts, condition)
    if (outcome.kind === 'appended') {
      let revision = expected
      for (const draft of drafts) {
        revision += 1
        this.#unwritten.push(commitText(shard, revision, draft))
      }
    }
    return outcome
  }

  /** Write what is on its way: a row that stands alone ahead of SQLite, where there is room for it. */
  write(): void {
    const parts = inLogRows(this.#unwritten)
    const [only] = parts
    if (only === undefined) return
    const { ahead } = this.connection
    if (parts.length === 1 && ahead.hasRoomFor(only.json)) {
      const row = followingRow(this.#end, only.commits.length, only.json)
      ahead.add(row)
      this.#unwritten = []
      this.#note(row, only.commits)
    } else this.writeWith(() => {})
  }

  /**
   * Write into other tables, and what is on its way straight into the log of SQLite: in one transaction, all of it or
   * nothing. What is ahead comes with it, for it stands before.
   */
  writeWith<Outcome>(write: () => Outcome): Outcome {
    const { ahead } = this.connection
    this.#following.alone()
    const before = this.#end
    const outcome = transact(this.connection, () => {
      const value = write()
      const parts = inLogRows(this.#unwritten)
      if (parts.length > 0) for (const row of ahead.rows) this.statements.putLog.run(row)
      for (const { commits, json } of parts) {
        const row = followingRow(this.#end, commits.length, json)
        this.statements.putLog.run(row)
        this.#note(row, commits)
      }
      return value
    })
    this.#unwritten = []
    if (this.#end !== before) ahead.isStored(this.#end.position)
    return outcome
  }

  /** A transaction has failed: what was pending with it is not stored. */
  forget(): void {
    this.#isRead = false
  }

  /** Bring the tables up to date, and the log of SQLite. */
  apply(): void {
    this.#read()
    this.#following.apply(this.#end.position)
  }

  /** Have nobody else write. @returns What to wait for, where somebody does. */
  end(): Promise<void> | undefined {
    return this.#following.end()
  }

  #read(): void {
    if (this.#isRead) return
    // Left over only if a rollback failed as well.
    if (this.connection.sql.inTransaction) this.statements.rollback.run()
    this.tables.forget()
    this.#unwritten = []
    const applied = this.#following.begin()
    this.#end = logEnd(this.statements)
    for (const row of this.statements.logAfter.all(applied) as LogRow[]) this.#replay(row)
    const { ahead } = this.connection
    // SQLite has them on disk before anybody can read them there, whatever was said of the transaction.
    ahead.isStored(this.#end.position)
    for (const row of ahead.rows) {
      this.#replay(row)
      this.#end = endOf(row)
    }
    this.#isRead = true
  }

  #replay(row: LogRow): void {
    const commits = decodeLogRow(row).map(({ commit }) => commit)
    for (const { shard, revision, ...draft } of commits) {
      const { kind } = appendDrafts(this, row[0], shard, revision - 1, [encodeDraft(shard, draft)])
      if (kind !== 'appended')
        throw damaged(`commit ${revision} of \`${shard}\` does not follow what is stored`)
    }
    this.#place(commits, row[0])
  }

  #note(row: WrittenRow, commits: readonly CommitName[]): void {
    this.#place(commits, row[0])
    this.#end = endOf(row)
  }

  /** The last revision of each shard in a row is where it is found. */
  #place(commits: readonly CommitName[], position: number): void {
    const { places } = this.pending
    if (commits.length === 1) {
      const { shard, revision } = commits[0] as CommitName
      places.push({ shard, revision, position })
    } else
      for (const { shard, revision } of new Map(commits.map((commit) => [commit.shard, commit])).values())
        places.push({ shard, revision, position })
  }
}

type CommitName = Pick<Commit, 'shard' | 'revision'>

function endOf([position, , , , hash]: WrittenRow): LogEnd {
  return { position, hash }
}
