import { closeSync, fdatasyncSync, fsyncSync, openSync, rmSync } from 'node:fs'
import { bytesOf, encodeFrame, mostBytesOf, nextFrame } from './ahead-frames.js'
import { encodeHead, headBytes } from './ahead-head.js'
import { flushNameOf } from './flush-path.js'
import type { WrittenRow } from './log-rows.js'
import { preallocate, writeWhole } from './preallocate.js'

/** Rows are written into one half of the file until they are elsewhere, and then over them, or into the other one. */
export const halfBytes = 1_048_576

/** With less room than this a half is nearly full: there may be none for the next row. */
const nearlyFullBytes = halfBytes / 8

/**
 * The file in which rows of the log are on disk before SQLite has them. It has its full length from the start and holds
 * zeros, so that a row costs one write and one flush, and no new length.
 */
export class AheadFile {
  #half = 0
  #at = 0
  /** How many halves have their length. */
  #made = 1
  readonly #bytes = Buffer.alloc(halfBytes)

  private constructor(private readonly file: number) {}

  /**
   * Make the file anew, with its head and one half, and bring it to the disk with its name.
   *
   * @throws what the file system says. Nothing is left behind then.
   */
  static make(path: string, storeId: string): AheadFile {
    rmSync(path, { force: true })
    const file = openSync(path, 'wx', 0o600)
    try {
      writeWhole(file, encodeHead(storeId), headBytes, 0)
      preallocate(file, headBytes, headBytes + halfBytes)
      fsyncSync(file)
      flushNameOf(path)
      return new AheadFile(file)
    } catch (error) {
      closeSync(file)
      rmSync(path, { force: true })
      throw error
    }
  }

  get isNearlyFull(): boolean {
    return halfBytes - this.#at < nearlyFullBytes
  }

  hasRoomFor(json: string): boolean {
    const room = halfBytes - this.#at
    return mostBytesOf(json) <= room || bytesOf(json) <= room
  }

  /**
   * Add a row. It is on disk when this returns.
   *
   * @throws what the file system says. Nobody knows then what is in the file, and it takes no more.
   */
  add(row: WrittenRow): void {
    const length = encodeFrame(this.#bytes, row)
    writeWhole(this.file, this.#bytes, length, headBytes + this.#half * halfBytes + this.#at)
    fdatasyncSync(this.file)
    this.#at = nextFrame(this.#at + length)
  }

  /** Write over this half, from its beginning: SQLite has all of its rows, on disk. */
  startOver(): void {
    this.#at = 0
  }

  /** Go on in the other half, of which SQLite has all rows on disk, while it is given those of this one. */
  turn(): void {
    if (this.#made === 1) {
      preallocate(this.file, headBytes + halfBytes, headBytes + 2 * halfBytes)
      fsyncSync(this.file)
      this.#made = 2
    }
    this.#half = 1 - this.#half
    this.#at = 0
  }

  close(): void {
    closeSync(this.file)
  }
}
