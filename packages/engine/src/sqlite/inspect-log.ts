import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { damaged } from './sqlite-errors.js'
import type { StoreFile } from './store-file.js'

/**
 * Refuse a write-ahead log that is damaged before its last transaction.
 *
 * SQLite plays a log up to its first bad frame and takes that for the end. After a crash it is, for only the
 * transaction under way can be torn. But each transaction begins when the one before it is flushed: where two or
 * more stand behind the bad frame, acknowledged commits would be lost without a word. Damage to the very last
 * transaction, and a log that is cut short, cannot be told from a crash.
 *
 * @see https://sqlite.org/fileformat2.html#the_write_ahead_log
 * @throws {StoreUnusable} `store_damaged`.
 */
export function inspectLog({ log }: StoreFile): void {
  if (!existsSync(log)) return
  const file = openSync(log, 'r')
  try {
    const { size } = fstatSync(file)
    const header = Buffer.alloc(headerSize)
    if (readSync(file, header, 0, headerSize, 0) < headerSize) return
    const sums = new Checksums(header.readUInt32BE(0))
    sums.add(header.subarray(0, 24))
    if (!sums.equal(header.readUInt32BE(24), header.readUInt32BE(28))) {
      // It is flushed before the first frame is written.
      if (size > headerSize) throw damaged(`the header of the log \`${log}\` is damaged`)
      return
    }
    const behind = commitsBehindFirstBadFrame(file, size, header, sums)
    if (behind > 1) throw damaged(`the log \`${log}\` is damaged ${behind} transactions before its end`)
  } finally {
    closeSync(file)
  }
}

const headerSize = 32
const frameHeaderSize = 24
/** What a disk writes whole or not at all. */
const sectorSize = 512

function commitsBehindFirstBadFrame(file: number, size: number, header: Buffer, sums: Checksums): number {
  const pageSize = header.readUInt32BE(8)
  const salts = header.subarray(16, 24)
  const frame = Buffer.alloc(frameHeaderSize + pageSize)
  let intact = true
  let commits = 0
  for (let at = headerSize; at + frame.length <= size; at += frame.length) {
    readSync(file, frame, 0, intact ? frame.length : frameHeaderSize, at)
    const ofThisLog = frame.subarray(8, 16).equals(salts)
    if (intact) {
      sums.add(frame.subarray(0, 8))
      sums.add(frame.subarray(frameHeaderSize))
      intact = ofThisLog && sums.equal(frame.readUInt32BE(16), frame.readUInt32BE(20))
    }
    // A frame that ends a transaction says how many pages the database has after it. Where that and the log that it
    // belongs to stand in two sectors, a crash may leave one of them as an earlier log had it.
    const isWritten = ofThisLog && (at % sectorSize) + 16 <= sectorSize
    if (!intact && isWritten && frame.readUInt32BE(4) > 0) commits++
  }
  return commits
}

/** The running checksum of a log: Fibonacci-weighted sums of 32-bit words, in the byte order its magic names. */
class Checksums {
  #first = 0
  #second = 0
  readonly #littleEndian: boolean

  constructor(magic: number) {
    this.#littleEndian = magic % 2 === 0
  }

  add(bytes: Buffer): void {
    const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let at = 0; at < bytes.length; at += 8) {
      this.#first = (this.#first + words.getUint32(at, this.#littleEndian) + this.#second) >>> 0
      this.#second = (this.#second + words.getUint32(at + 4, this.#littleEndian) + this.#first) >>> 0
    }
  }

  equal(first: number, second: number): boolean {
    return this.#first === first && this.#second === second
  }
}
