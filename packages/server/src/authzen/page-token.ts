import { type Cursor, CursorInvalid, InputInvalid, limits } from '@bailiwick/core'
import { z } from 'zod'

/** What a request says of the page that it wants. */
export interface PageRequest {
  readonly token?: string | undefined
  readonly limit?: number | undefined
}

/**
 * The part of a list that a search asks for. A token carries the limit of the first page, which the pages after it
 * need not repeat and cannot change; its cursor is good for the same question only.
 *
 * @throws {CursorInvalid} for a token that is none of ours; {InputInvalid} for another limit than before.
 */
export function readPage(page: PageRequest | undefined): {
  readonly limit: number
  readonly after?: Cursor
} {
  const { token, limit } = page ?? {}
  if (token === undefined || token === '') return { limit: Math.min(limit ?? most, most) }
  const [before, after] = readToken(token)
  if (limit !== undefined && Math.min(limit, most) !== before) {
    throw new InputInvalid('page.limit', `must stay what it was, ${before}, or be left out`, limit)
  }
  return { limit: before, after: after as Cursor }
}

/** The token of the page after this one; empty where there is none. */
export function nextToken(limit: number, after: Cursor | null): string {
  return after === null ? '' : Buffer.from(JSON.stringify([limit, after])).toString('base64url')
}

const most = limits.pageSize
const tokenContent = z.tuple([z.int().min(1).max(most), z.string().min(1)])

function readToken(token: string): z.infer<typeof tokenContent> {
  try {
    return tokenContent.parse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')))
  } catch {
    throw new CursorInvalid()
  }
}
