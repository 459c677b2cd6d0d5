import { rmSync } from 'node:fs'
import { AheadFile } from './ahead-file.js'
import { AheadRows } from './ahead-rows.js'
import { flushNameOf } from './flush-path.js'
import type { WrittenRow } from './log-rows.js'

/** Where its file cannot be made, it is tried again after so many rows. */
const rowsUntilTriedAgain = 1_024

/**
 * The end of the log, which is on disk before SQLite has it: in a file of its own, to which a row is added by one write
 * and one flush. Where there can be no such file, rows go straight into SQLite.
 */
export class AheadLog {
  readonly rows: AheadRows
  #file: AheadFile | undefined
  /** What the file holds behind its last row is not known: it takes no more, and is made anew once SQLite has its rows. */
  #isSealed: boolean
  #rowsUntilTried = 0
  /** The last position in the other half. */
  #turnedAt = 0

  /** @param recovered - What a crash has left in the file. */
  constructor(
    private readonly path: string,
    private readonly storeId: string,
    recovered: readonly WrittenRow[],
  ) {
    this.rows = new AheadRows(recovered)
    this.#isSealed = !this.rows.isEmpty
  }

  /** Whether SQLite is to have its rows before more are written. */
  get isDue(): boolean {
    return this.#isSealed || this.#file?.isNearlyFull === true
  }

  /** Whether a row of this text can be added, to a file that is made if need be. */
  hasRoomFor(json: string): boolean {
    return this.#fileNow()?.hasRoomFor(json) === true
  }

  /**
   * Add a row that there is room for. It is on disk when this returns.
   *
   * @throws what the file system says; nobody knows then whether it is stored.
   */
  add(row: WrittenRow): void {
    if (this.#file === undefined) throw new Error('a row is added where nobody asked for room')
    try {
      this.#file.add(row)
    } catch (error) {
      // After a flush that failed no later one says anything about this file.
      this.#isSealed = true
      throw error
    }
    this.rows.add(row)
  }

  /** SQLite has its rows up to a position, on disk. */
  isStored(upTo: number): void {
    this.rows.drop(upTo)
    if (!this.rows.isEmpty) return
    if (this.#isSealed) this.remove()
    else this.#file?.startOver()
  }

  /**
   * Go on in the other half, while SQLite is given what stands in this one.
   *
   * @returns Whether that can be done: SQLite has all of the other one.
   */
  turn(): boolean {
    if (this.#isSealed || this.#file === undefined) return false
    const { first, last } = this.rows
    if (first !== undefined && first[0] <= this.#turnedAt) return false
    try {
      this.#file.turn()
      this.#turnedAt = last?.[0] ?? 0
      return true
    } catch {
      // No room for its length: SQLite is given this one before more is written.
      return false
    }
  }

  /** Remove the file, of which SQLite has all rows: what else it may hold is told of as not stored. */
  remove(): void {
    this.#isSealed = false
    try {
      this.#file?.close()
      rmSync(this.path, { force: true })
      flushNameOf(this.path)
    } catch {
      // It is tried again before there is another, and what it holds that SQLite has is of no account.
    }
    this.#file = undefined
  }

  #fileNow(): AheadFile | undefined {
    if (this.#isSealed) return undefined
    if (this.#file === undefined && this.#rowsUntilTried-- <= 0) {
      try {
        this.#file = AheadFile.make(this.path, this.storeId)
      } catch {
        // No room, perhaps. Only speed is lost; a write that finds none either says so.
        this.#rowsUntilTried = rowsUntilTriedAgain
      }
    }
    return this.#file
  }
}
