import { closeSync, fstatSync, fsyncSync, openSync, writeSync } from 'node:fs'
import type { StoreFile } from './store-file.js'

/** Pages of the log after which SQLite moves them into the database, and begins the log again. */
export const pagesPerCheckpoint = 256

/** Those pages, each with the header of its frame, and a transaction that goes beyond. */
const bytes = (pagesPerCheckpoint + 32) * (4_096 + 24)

const page = Buffer.alloc(4_096)

/**
 * Give the log its full length, in zeros, which SQLite takes for its end. To flush a file that has grown costs twice
 * as much as to flush one that has not, for the file system must note the new length: every transaction would pay
 * for that until the log begins again.
 *
 * They are written page by page: Linux keeps what is written at once together in memory, and would go through all of it
 * whenever a frame is written over a part.
 *
 * The log must have its header already: one that is damaged is told by it from one that is new.
 */
export function preallocateLog({ log }: StoreFile): void {
  const file = openSync(log, 'r+')
  try {
    for (let at = fstatSync(file).size; at < bytes; ) {
      const upToNextPage = page.length - (at % page.length)
      at += writeSync(file, page, 0, Math.min(upToNextPage, bytes - at), at)
    }
    fsyncSync(file)
  } catch {
    // No room, perhaps. Only speed is lost; a write that finds none either says so.
  } finally {
    closeSync(file)
  }
}
