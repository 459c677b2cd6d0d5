import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { assertNever, StoreUnusable } from '@bailiwick/core'
import { linkHash } from '../chain/link-hash.js'
import { halfBytes } from './ahead-file.js'
import { decodeFrames } from './ahead-frames.js'
import { decodeHead, headBytes } from './ahead-head.js'
import type { LogEnd, WrittenRow } from './log-rows.js'
import { damaged } from './sqlite-errors.js'
import type { StoreFile } from './store-file.js'

/**
 * The rows of the log that a crash has left in the file ahead of SQLite, and that SQLite does not have: each as it was
 * written, and following the one before.
 *
 * The last one may be torn, for it was never acknowledged; it is as if it were not there. Each row is written when the
 * one before it is flushed: what stands behind one that is torn is proof of damage.
 *
 * @param end - Where the log of SQLite ends.
 * @throws {StoreUnusable} `store_damaged` where a row is missing between two, or where they do not follow the log.
 */
export function readAhead(file: StoreFile, storeId: string, end: LogEnd): readonly WrittenRow[] {
  const rows = rowsAhead(file, storeId, end.position)
  let { position, hash } = end
  for (const [last, first, json, , own] of rows) {
    if (first !== position + 1)
      throw damaged(
        `\`${file.ahead}\` lacks the commits from position ${position + 1} up to ${first - 1}: ` +
          `it is damaged, or not of the same moment as \`${file.main}\``,
      )
    if (own !== linkHash(hash, first, last, json))
      throw damaged(
        `\`${file.ahead}\` does not follow \`${file.main}\` at position ${first}: they are not of the same moment`,
      )
    position = last
    hash = own
  }
  return rows
}

/**
 * The rows with commits behind a position that are whole, in order, whether they follow it or not.
 *
 * @throws {StoreUnusable} `store_damaged` where the file is of another store, or has lost its head or its end.
 */
export function rowsAhead({ ahead }: StoreFile, storeId: string, position: number): readonly WrittenRow[] {
  if (!existsSync(ahead)) return []
  const bytes = contentOf(ahead)
  const head = decodeHead(bytes)
  const rows = [0, 1]
    .map((half) => headBytes + half * halfBytes)
    .flatMap((from) => decodeFrames(bytes.subarray(from, from + halfBytes)))
  switch (head.kind) {
    case 'none':
      // It is flushed before the first row is written.
      if (rows.length > 0) throw damaged(`\`${ahead}\` has lost its head`)
      return []
    case 'damaged':
      throw damaged(`the head of \`${ahead}\` is damaged`)
    case 'newer':
      throw new StoreUnusable(
        'store_newer',
        `\`${ahead}\` was written by a newer release (format ${head.version}): upgrade`,
      )
    case 'of a store':
      if (head.storeId !== storeId)
        throw damaged(
          `\`${ahead}\` is of the store \`${head.storeId}\`, and the one beside it is \`${storeId}\`: ` +
            'move it to where it belongs, or away if that store is gone',
        )
      // And so is its length.
      if (rows.length > 0 && bytes.length < headBytes + halfBytes)
        throw damaged(`\`${ahead}\` has lost its end`)
      return rows.filter(([last]) => last > position).sort(([one], [other]) => one - other)
    default:
      return assertNever(head)
  }
}

function contentOf(path: string): Buffer {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(headBytes + 2 * halfBytes)
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0))
  } finally {
    closeSync(file)
  }
}
