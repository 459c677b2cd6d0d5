/** A place in the feed of one store: after the commit at this position of its log. */
export interface FeedPlace {
  readonly store: string
  readonly position: number
}

/** Write a place down, for somebody who comes back to it. Opaque to its holder. */
export function writeFeedToken({ store, position }: FeedPlace): string {
  return Buffer.from(JSON.stringify([store, position])).toString('base64url')
}

/** Read a place; `undefined` for what no feed of ours wrote. */
export function readFeedToken(token: string): FeedPlace | undefined {
  let fields: unknown
  try {
    fields = JSON.parse(Buffer.from(token, 'base64url').toString())
  } catch {
    return undefined
  }
  if (!Array.isArray(fields) || fields.length !== 2) return undefined
  const [store, position] = fields as unknown[]
  if (typeof store !== 'string' || !isPosition(position)) return undefined
  return { store, position }
}

function isPosition(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
