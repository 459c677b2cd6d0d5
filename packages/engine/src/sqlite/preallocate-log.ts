import { closeSync, fstatSync, fsyncSync, openSync, writeSync } from 'node:fs'
import type { StoreFile } from './store-file.js'

/** Pages of the log after which SQLite moves them into the database, and begins the log again. */
export const pagesPerCheckpoint = 256

/** Those pages, each with the header of its frame, and a transaction that goes beyond. */
const bytes = (pagesPerCheckpoint + 32) * (4_096 + 24)

/**
 * Give the log its full length, in zeros, which SQLite takes for its end. To flush a file that has grown costs twice
 * as much as to flush one that has not, for the file system must note the new length: every transaction would pay
 * for that until the log begins again.
 *
 * The log must have its header already: one that is damaged is told by it from one that is new.
 */
export function preallocateLog({ log }: StoreFile): void {
  const file = openSync(log, 'r+')
  try {
    const { size } = fstatSync(file)
    if (size < bytes) writeSync(file, Buffer.alloc(bytes - size), 0, bytes - size, size)
    fsyncSync(file)
  } catch {
    // No room, perhaps. Only speed is lost; a write that finds none either says so.
  } finally {
    closeSync(file)
  }
}
