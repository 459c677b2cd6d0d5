import { writeSync } from 'node:fs'

const page = Buffer.alloc(4_096)

/**
 * Give a part of a file its full length, in zeros. To flush a file that has grown costs twice as much as to flush one
 * that has not, for the file system must note the new length.
 *
 * They are written page by page: Linux keeps what is written at once together in memory, and would go through all of it
 * whenever a piece is written over.
 *
 * @param file - A descriptor. The caller flushes it.
 * @param from - The first byte, and the one behind the last: whole pages.
 */
export function preallocate(file: number, from: number, to: number): void {
  for (let at = from; at < to; at += page.length) writeWhole(file, page, page.length, at)
}

/** Write all of it: a disk that is nearly full may take a part, and refuses the rest when it is asked again. */
export function writeWhole(file: number, bytes: Buffer, length: number, at: number): void {
  for (let done = 0; done < length; ) done += writeSync(file, bytes, done, length - done, at + done)
}
