import { type Cursor, CursorInvalid } from '@bailiwick/core'

/** Between two ids: just before this one, or just past it. Whether there is such an id any more does not matter. */
export interface Place {
  readonly id: string
  readonly side: 'before' | 'past'
}

/** What a list is about, in one string: a cursor is good for the same question only. */
export type QuestionKey = () => string

/**
 * Write a cursor. It grants nothing and needs no secrecy; the hash in it notices another question, or a change made
 * on the way.
 */
export function writeCursor(key: QuestionKey, { id, side }: Place): Cursor {
  const check = hashOf(`${key()} ${id} ${side}`)
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

/**
 * 64 bits in two halves (after MurmurHash3): a list may be asked for many thousand times a second, and whoever forges
 * a cursor only looks at his own list from another place.
 */
function hashOf(text: string): string {
  let one = 0x9e3779b1
  let other = 0x85ebca77
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    one = Math.imul(one ^ code, 0x85ebca6b)
    one = (one << 13) | (one >>> 19)
    other = Math.imul(other ^ code, 0xc2b2ae35)
    other = (other << 15) | (other >>> 17)
  }
  one = Math.imul(one ^ (other >>> 16), 0xc2b2ae35)
  other = Math.imul(other ^ (one >>> 13), 0x85ebca6b)
  return ((one ^ (one >>> 16)) >>> 0).toString(36) + ((other ^ (other >>> 16)) >>> 0).toString(36)
}
