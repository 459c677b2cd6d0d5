import { type Connection, share } from './connect.js'
import type { KnownTables } from './known-tables.js'
import type { Pending } from './pending.js'
import type { Reserve } from './reserve.js'
import { isFull } from './sqlite-errors.js'
import { findTablesScript, TablesThread } from './tables-thread.js'
import { transact } from './transact.js'
import { type Batch, writeBatch } from './write-batch.js'

/** When the tables follow. */
export interface Pace {
  /** So many entities may wait in memory: what a store that was killed reads again when it is opened. */
  readonly mostPending: number
  /** A thread writes them once two batches were due within so many milliseconds. */
  readonly threadWithinMs: number
  /** Of fewer commits each, a thread would save nobody a pause. */
  readonly threadCommits: number
  /** Stands in for what the thread runs, in tests. */
  readonly threadScript?: URL
}

const usualPace: Pace = { mostPending: 1_024, threadWithinMs: 2_000, threadCommits: 128 }

/** Where threads do not live long, no more than so many are started. */
const mostThreads = 3

/**
 * Brings the tables, and the log of SQLite, after what is ahead of them: many entities at once. By a thread of its own
 * where writes are many, so that they go on meanwhile, and otherwise here; here as well whenever the thread does not
 * do it, for whatever reason.
 *
 * What the thread has done the tables tell. Until that is asked, memory knows it as pending, and says the same.
 */
export class FollowingTables {
  readonly #pace: Pace
  /** Up to where the tables have the log, for certain. */
  #applied = 0
  #thread: TablesThread | undefined
  #threadsTried = 0
  /** Whether a second connection may have the database. */
  #isShared = false
  /** Whether it was given a batch, and nobody has asked what became of it. */
  #isUnderWay = false
  /** On a full disk: how many entities are to wait before the tables are tried again. */
  #putOffUntil = 0
  #lastDue = Number.NEGATIVE_INFINITY

  constructor(
    private readonly connection: Connection,
    private readonly pending: Pending,
    private readonly tables: KnownTables,
    private readonly reserve: Reserve,
    pace?: Partial<Pace>,
  ) {
    this.#pace = { ...usualPace, ...pace }
  }

  /** Memory is to be read anew. @returns Up to where the tables have the log. */
  begin(): number {
    this.#thread?.wait()
    this.#isUnderWay = false
    this.pending.clear()
    this.#applied = this.#appliedNow()
    return this.#applied
  }

  /** Before a group is written. @param end - Where the log ends. */
  prepare(end: number): void {
    try {
      if (this.#isUnderWay && this.#thread?.isIdle) this.#settle(end)
      if (this.#isDue && !this.#giveToThread(end)) this.apply(end)
    } catch (error) {
      if (!isFull(error)) throw error
      // Memory is as it was. What only takes away may find room yet; where it finds none, it says so itself.
      this.reserve.fallShort()
      this.#putOffUntil = this.pending.size + this.#pace.mostPending / 8
    }
  }

  /** Before a transaction here: nobody else has one, and what was on its way is known to be there, or not to be. */
  alone(): void {
    this.#thread?.wait()
    this.#learn()
  }

  /** Write all that is pending, here and now. @param end - Where the log ends. */
  apply(end: number): void {
    this.alone()
    if (this.pending.isEmpty) return
    transact(this.connection, () => writeBatch(this.connection.statements, this.#batch(end)))
    this.#putOffUntil = 0
    this.#reach(end)
  }

  /** Have no thread any more. @returns What to wait for, where there was one. */
  end(): Promise<void> | undefined {
    return this.#thread?.end()
  }

  get #isDue(): boolean {
    const { fresh, size } = this.pending
    if (size < this.#putOffUntil) return false
    return fresh >= this.#pace.mostPending || this.connection.ahead.isDue
  }

  /** The thread is through with its batch, or is no more. What it has not written is written here. */
  #settle(end: number): void {
    if (this.#learn() === 'not written') this.apply(end)
  }

  /** Ask what became of the batch. */
  #learn(): 'written' | 'not written' {
    if (!this.#isUnderWay) return 'written'
    this.#isUnderWay = false
    this.#reach(this.#appliedNow())
    if (this.#applied >= this.pending.onItsWay) return 'written'
    this.pending.takeBack()
    return 'not written'
  }

  /** The tables have the log up to here, on disk. */
  #reach(applied: number): void {
    this.connection.ahead.isStored(applied)
    this.tables.learn(this.pending, applied)
    this.pending.drop(applied)
    this.#applied = applied
  }

  #isWorthAThread(end: number): boolean {
    if (this.#thread !== undefined) return true
    const before = this.#lastDue
    const isOfMany = end - this.#applied >= this.#pace.threadCommits
    this.#lastDue = isOfMany ? performance.now() : Number.NEGATIVE_INFINITY
    return isOfMany && this.#lastDue - before <= this.#pace.threadWithinMs
  }

  #giveToThread(end: number): boolean {
    // One batch at a time: what is not written in time holds up those who write.
    if (!this.#isWorthAThread(end) || this.#thread?.wait() === false) return false
    this.#learn()
    if (this.#thread?.isGone !== false) this.#thread = this.#startThread() ?? this.#thread
    if (this.#thread?.isGone !== false || this.pending.isEmpty || !this.connection.ahead.turn()) return false
    const { after, upTo, rows, entities, heads, places } = this.#batch(end)
    this.#thread.write({ after, upTo, rows: [...rows], entities: [...entities], heads, places })
    this.pending.cut(end)
    this.#isUnderWay = true
    return true
  }

  #startThread(): TablesThread | undefined {
    if (this.#threadsTried === mostThreads || this.#thread?.cannotStart) return undefined
    this.#threadsTried += 1
    const script = this.#pace.threadScript ?? findTablesScript()
    if (script === undefined) return undefined
    this.#isShared ||= share(this.connection)
    return this.#isShared ? TablesThread.start(this.connection.path, script) : undefined
  }

  #batch(end: number): Batch {
    const { heads, places } = this.pending
    const rows = this.connection.ahead.rows
    return { after: this.#applied, upTo: end, rows, entities: this.pending.entities(), heads, places }
  }

  #appliedNow(): number {
    return (this.connection.statements.applied.get() as [number])[0]
  }
}
