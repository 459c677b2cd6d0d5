import { type ConsistencyToken, ConsistencyTokenInvalid, type Revision, type ShardId } from '@bailiwick/core'

/** What a consistency token says: this shard of this store had reached this revision. */
export interface Reached {
  readonly store: string
  readonly shard: ShardId
  readonly revision: Revision
}

/** Write a token. Opaque to its holder; it grants nothing and needs no secrecy. */
export function writeToken(reached: Reached): ConsistencyToken {
  const { store, shard, revision } = reached
  if (store !== begun.store || shard !== begun.shard) begun = beginToken(store, shard)
  return `${begun.token}${base64url(`${begun.rest}${revision}]`)}` as ConsistencyToken
}

/** Tokens of one shard differ in their end: what comes before it is kept for the shard that was written last. */
let begun = beginToken('', '')

/** The token up to the revision: whole groups of three bytes, and the one or two that begin the next group. */
function beginToken(store: string, shard: string) {
  const bytes = Buffer.from(`${JSON.stringify([store, shard]).slice(0, -1)},`)
  const whole = bytes.length - (bytes.length % 3)
  const token = bytes.toString('base64url', 0, whole)
  return { store, shard, token, rest: bytes.toString('latin1', whole) }
}

/** Of a few characters: to ask for as little as that takes longer. */
function base64url(latin1: string): string {
  let text = ''
  let bits = 0
  let held = 0
  for (let at = 0; at < latin1.length; at++) {
    bits = (bits << 8) | latin1.charCodeAt(at)
    for (held += 8; held >= 6; held -= 6) text += digits[(bits >> (held - 6)) & 63]
    bits &= 0xff
  }
  return held === 0 ? text : text + digits[(bits << (6 - held)) & 63]
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/**
 * @throws {ConsistencyTokenInvalid} `consistency_token_malformed` for what no store of ours wrote,
 *   `consistency_token_foreign` for a token of another store than `store`.
 */
export function readToken(token: ConsistencyToken, store: string): Reached {
  const reached = decode(token)
  if (reached.store !== store) {
    throw new ConsistencyTokenInvalid(
      'consistency_token_foreign',
      'the consistency token was issued by another store',
    )
  }
  return reached
}

/** The store that issued a token. @throws {ConsistencyTokenInvalid} `consistency_token_malformed` */
export function storeOfToken(token: ConsistencyToken): string {
  return decode(token).store
}

function decode(token: string): Reached {
  const reached = fieldsOf(token)
  if (reached !== undefined) return reached
  throw new ConsistencyTokenInvalid('consistency_token_malformed', 'the consistency token is not one of ours')
}

function fieldsOf(token: string): Reached | undefined {
  let fields: unknown
  try {
    fields = JSON.parse(Buffer.from(token, 'base64url').toString())
  } catch {
    return undefined
  }
  if (!Array.isArray(fields) || fields.length !== 3) return undefined
  const [store, shard, revision] = fields as unknown[]
  if (typeof store !== 'string' || typeof shard !== 'string' || !Number.isSafeInteger(revision))
    return undefined
  return { store, shard: shard as ShardId, revision: revision as number }
}
