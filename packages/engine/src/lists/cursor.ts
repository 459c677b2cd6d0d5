import { type Cursor, CursorInvalid } from '@bailiwick/core'
import type { QuestionKey } from './question-key.js'
import { hashText, shortHash } from './short-hash.js'

/** Between two ids: just before this one, or just past it. Whether there is such an id any more does not matter. */
export interface Place {
  readonly id: string
  readonly side: 'before' | 'past'
}

/** What a cursor begins with, and no id does. URLs need not escape it. */
const sides = { before: '-', past: '~' } as const

/**
 * Write a cursor: the side, a hash, the id. It grants nothing and needs no secrecy; the hash notices another
 * question, or a change made on the way.
 */
export function writeCursor(key: QuestionKey, { id, side }: Place): Cursor {
  const check = shortHash(sides[side], shortHash(id, key.hash))
  return `${sides[side]}${hashText(check)}.${id}` as Cursor
}

/** @throws {CursorInvalid} for what `writeCursor` did not write for this question. */
export function readCursor(key: QuestionKey, cursor: unknown): Place {
  const place = typeof cursor === 'string' && cursor.length <= 512 ? decode(cursor) : undefined
  if (place === undefined || writeCursor(key, place) !== cursor) throw new CursorInvalid()
  return place
}

function decode(cursor: string): Place | undefined {
  const end = cursor.indexOf('.')
  const side = cursor[0] === sides.past ? 'past' : cursor[0] === sides.before ? 'before' : undefined
  return side === undefined || end < 0 ? undefined : { id: cursor.slice(end + 1), side }
}
