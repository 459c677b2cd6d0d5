import type { ShardId } from '@bailiwick/core'
import { expect, test } from 'vitest'
import { readToken, writeToken } from './consistency-token.js'

test('a token is the JSON of what it says in base64url, whichever shard was written before', () => {
  const shards = [
    'org_01KDVDNA06J3CDFT3HYJEH96CG',
    'org_1',
    'org_12',
    'org_123',
    'environment',
    'org_"ž💶',
  ] as ShardId[]
  for (const revision of [1, 9, 10, 99, 100, 12_345, Number.MAX_SAFE_INTEGER])
    for (const shard of shards)
      for (const store of ['0cd1d3ab-61d2-43d8-beff-9fda87943052', 's', 'š']) {
        const token = writeToken({ store, shard, revision })
        expect(token).toBe(Buffer.from(JSON.stringify([store, shard, revision])).toString('base64url'))
        expect(readToken(token, store)).toEqual({ store, shard, revision })
      }
})
