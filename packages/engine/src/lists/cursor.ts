import { type Cursor, CursorInvalid } from '@bailiwick/core'
import type { QuestionKey } from './question-key.js'
import { hashLength, hashText, shortHash } from './short-hash.js'

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
export function writeCursor(key: QuestionKey, place: Place): Cursor {
  return `${beginningOf(key, place)}${place.id}` as Cursor
}

/** @throws {CursorInvalid} for what `writeCursor` did not write for this question. */
export function readCursor(key: QuestionKey, cursor: unknown): Place {
  if (typeof cursor !== 'string') throw new CursorInvalid()
  const side = cursor[0] === sides.past ? 'past' : 'before'
  const place: Place = { id: cursor.slice(beginning), side }
  if (!cursor.startsWith(beginningOf(key, place))) throw new CursorInvalid()
  return place
}

/** What stands in front of the id: so many characters. */
const beginning = hashLength + 2

function beginningOf(key: QuestionKey, { id, side }: Place): string {
  const mark = sides[side]
  return `${mark}${hashText(shortHash(mark, shortHash(id, key.hash)))}.`
}
