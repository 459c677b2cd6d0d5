import type { Commit, LogEntry, LogLink, Revision, ShardId } from '@bailiwick/core'
import { linkHash, noHash } from '../chain/link-hash.js'
import type { DraftRow } from '../store/draft-rows.js'
import type { AppendCondition, LogPage } from '../store/store.js'
import { type AppendOutcome, appendDrafts, type StoredState } from './append-drafts.js'
import type { Connection } from './connect.js'
import { KnownTables } from './known-tables.js'
import { type LinkRow, linkOf } from './link-rows.js'
import { type CommitText, commitText, decodeLogRow, inLogRows, type LogRow, logChecksum } from './log-rows.js'
import { Pending } from './pending.js'
import { encodeDraft } from './rows.js'
import { damaged } from './sqlite-errors.js'
import { transact } from './transact.js'
import { writeBatch } from './write-batch.js'

/** So many entities may wait in memory: what a store that was killed reads again when it is opened. */
const manyPending = 1_024

/**
 * The log, and what of it the tables lack. A transaction of commits adds a row to the log, in one place of the file;
 * what each commit changes elsewhere is written for many together, and known from memory until then.
 */
export class CommitLog implements StoredState {
  readonly pending = new Pending()
  readonly tables: KnownTables
  #unwritten: CommitText[] = []
  #lastPosition = 0
  #lastHash = noHash
  /** Whether memory holds what the log says. */
  #isRead = false

  constructor(
    private readonly connection: Connection,
    private readonly mostPending = manyPending,
  ) {
    this.tables = new KnownTables(connection.statements)
  }

  get statements() {
    return this.connection.statements
  }

  /** For a read outside of a transaction. */
  get current(): this {
    this.#read()
    return this
  }

  get reached(): number {
    return this.#lastPosition + this.#unwritten.length
  }

  get lastPosition(): number {
    this.#read()
    return this.#lastPosition
  }

  /** Before a transaction: make room in memory, and know what is stored. */
  prepare(): void {
    this.#read()
    if (this.pending.size >= this.mostPending) this.apply()
  }

  /** Decide about an append. What it stores is in memory, and on its way, until it is written. */
  append(
    shard: ShardId,
    expected: Revision,
    drafts: readonly DraftRow[],
    condition?: AppendCondition,
  ): AppendOutcome {
    const outcome = appendDrafts(this, shard, expected, drafts, condition)
    if (outcome.kind === 'appended') {
      let revision = expected
      for (const draft of drafts) {
        revision += 1
        this.#unwritten.push(commitText(shard, revision, draft))
      }
    }
    return outcome
  }

  /** Write what is on its way, in a transaction of its own: one row is one by itself. */
  writeAlone(): void {
    const rows = inLogRows(this.#unwritten)
    if (rows.length > 1) transact(this.connection, () => this.write(rows))
    else this.write(rows)
  }

  /** Write what is on its way, within a transaction. */
  write(rows = inLogRows(this.#unwritten)): void {
    for (const { commits, json } of rows) {
      const first = this.#lastPosition + 1
      const position = this.#lastPosition + commits.length
      const hash = linkHash(this.#lastHash, first, position, json)
      this.statements.putLog.run([position, first, json, logChecksum(position, first, json), hash])
      this.#lastHash = hash
      this.#note(position, commits)
    }
    this.#unwritten = []
  }

  /** A transaction has failed: what was pending with it is not stored. */
  forget(): void {
    this.#isRead = false
  }

  /** Bring the tables up to date. */
  apply(): void {
    this.#read()
    if (this.pending.isEmpty) return
    transact(this.connection, () =>
      writeBatch(this.statements, {
        after: (this.statements.applied.get() as [number])[0],
        upTo: this.#lastPosition,
        entities: this.pending.entities(),
        heads: this.pending.heads,
        places: this.pending.places,
      }),
    )
    this.tables.learn(this.pending, this.#lastPosition)
    this.pending.clear()
  }

  /** Commits after a position. */
  entries({ after, limit }: LogPage): readonly LogEntry[] {
    const entries: LogEntry[] = []
    while (entries.length < limit) {
      const reached = after + entries.length
      const row = this.statements.logNext.get(reached) as LogRow | undefined
      if (row === undefined) break
      const next = decodeLogRow(row).filter(({ position }) => position > reached)
      if (next[0]?.position !== reached + 1) throw damaged(`the commit at position ${reached + 1} is missing`)
      for (const entry of next) entries.push(entry)
    }
    return entries.slice(0, limit)
  }

  /** Rows after a position, as they stand there. */
  links({ after, limit }: LogPage): readonly LogLink[] {
    return (this.statements.links.all(after, limit) as LinkRow[]).map(linkOf)
  }

  #read(): void {
    if (this.#isRead) return
    // Left over only if a rollback failed as well.
    if (this.connection.sql.inTransaction) this.statements.rollback.run()
    this.pending.clear()
    this.tables.forget()
    this.#unwritten = []
    const [applied] = this.statements.applied.get() as [number]
    this.#lastPosition = applied
    const [hash] = (this.statements.lastHash.get() as [Buffer | null] | undefined) ?? [null]
    this.#lastHash = hash?.toString('latin1') ?? noHash
    for (const row of this.statements.logAfter.all(applied) as LogRow[]) {
      const entries = decodeLogRow(row)
      for (const { position, commit } of entries) {
        this.#replay(commit)
        this.#lastPosition = position
      }
      this.#note(
        row[0],
        entries.map(({ commit }) => commit),
      )
    }
    this.#isRead = true
  }

  #replay({ shard, revision, ...draft }: Commit): void {
    const { kind } = appendDrafts(this, shard, revision - 1, [encodeDraft(shard, draft)])
    if (kind !== 'appended')
      throw damaged(`commit ${revision} of \`${shard}\` does not follow what is stored`)
  }

  /** The last revision of each shard in a row is where it is found. */
  #note(position: number, commits: readonly CommitName[]): void {
    if (commits.length === 1) this.#place(commits[0] as CommitName, position)
    else
      for (const last of new Map(commits.map((commit) => [commit.shard, commit])).values())
        this.#place(last, position)
    this.#lastPosition = position
  }

  #place({ shard, revision }: CommitName, position: number): void {
    this.pending.places.push({ shard, revision, position })
  }
}

type CommitName = Pick<Commit, 'shard' | 'revision'>
