import { isDeepStrictEqual } from 'node:util'
import {
  type AnyEntity,
  type Origin,
  type ServicePartChange,
  serviceShard,
  type Timestamp,
  WriteContended,
  type Written,
} from '@bailiwick/core'
import { writeToken } from '../consistency-token.js'
import { draftOf } from '../store/draft-of.js'
import type { Store } from '../store/store.js'

/** What a record is made with. */
export interface RecordingContext {
  readonly store: Pick<Store, 'id' | 'load' | 'append'>
  readonly now: () => Timestamp
  readonly origin?: Origin
}

const mostAttempts = 10

/**
 * Tell the log what became of a part of the service: who changed it, and what it was. It decides nothing. Such parts
 * are changed so seldom that none is kept in memory.
 */
export async function recordPart(
  { store, now, origin }: RecordingContext,
  change: ServicePartChange,
): Promise<Written<undefined>> {
  const id = change.op === 'put' ? change.entity.id : change.id
  const shard = serviceShard(id)
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const loaded = await store.load(shard)
    const expected = loaded?.revision ?? 0
    const written = (revision: number) => ({
      value: undefined,
      token: writeToken({ store: store.id, shard, revision }),
    })
    if (isKnown(change, [...(loaded?.entities ?? [])])) return written(expected)
    const result = await store.append(shard, expected, [draftOf(now(), [change], origin)])
    if (result.kind === 'appended') return written(result.revision)
  }
  throw new WriteContended(shard, mostAttempts)
}

function isKnown(change: ServicePartChange, parts: readonly AnyEntity[]): boolean {
  const known = parts.find(({ kind }) => kind === change.kind)
  if (change.op === 'remove') return known === undefined
  // A database may give fields back in another order.
  return known !== undefined && isDeepStrictEqual(known.entity, change.entity)
}
