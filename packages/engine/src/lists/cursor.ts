import { type Cursor, CursorInvalid } from '@bailiwick/core'
import type { QuestionKey } from './question-key.js'
import { shortHash } from './short-hash.js'

/** Between two ids: just before this one, or just past it. Whether there is such an id any more does not matter. */
export interface Place {
  readonly id: string
  readonly side: 'before' | 'past'
}

/**
 * Write a cursor. It grants nothing and needs no secrecy; the hash in it notices another question, or a change made
 * on the way.
 */
export function writeCursor(key: QuestionKey, { id, side }: Place): Cursor {
  const check = shortHash(`${key.hash} ${id} ${side}`)
  return Buffer.from(JSON.stringify([id, side, check])).toString('base64url') as Cursor
}

/** @throws {CursorInvalid} for what `writeCursor` did not write for this question. */
export function readCursor(key: QuestionKey, cursor: unknown): Place {
  const place = typeof cursor === 'string' && cursor.length <= 512 ? decode(cursor) : undefined
  // Compared as a whole: decoding overlooks what does not belong there.
  if (place === undefined || writeCursor(key, place) !== cursor) throw new CursorInvalid()
  return place
}

function decode(cursor: string): Place | undefined {
  let fields: unknown
  try {
    fields = JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
  if (!Array.isArray(fields)) return undefined
  const [id, side] = fields as unknown[]
  if (typeof id !== 'string' || (side !== 'before' && side !== 'past')) return undefined
  return { id, side }
}
