import { type ConsistencyToken, ConsistencyTokenInvalid, type Revision, type ShardId } from '@bailiwick/core'

/** What a consistency token says: this shard of this store had reached this revision. */
export interface Reached {
  readonly store: string
  readonly shard: ShardId
  readonly revision: Revision
}

/** Write a token. Opaque to its holder; it grants nothing and needs no secrecy. */
export function writeToken(reached: Reached): ConsistencyToken {
  const text = JSON.stringify([reached.store, reached.shard, reached.revision])
  return Buffer.from(text).toString('base64url') as ConsistencyToken
}

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
