import {
  type Change,
  type Origin,
  type ShardId,
  type Timestamp,
  type User,
  type UserId,
  userShard,
  WriteContended,
  type Written,
} from '@bailiwick/core'
import { writeToken } from '../consistency-token.js'
import type { UlidSource } from '../new-id.js'
import { takenError } from '../shard/taken-error.js'
import { draftOf } from '../store/draft-of.js'
import type { Store } from '../store/store.js'

/** What the commands of users run with. */
export interface UsersContext {
  readonly store: Store
  readonly now: () => Timestamp
  readonly ulid: UlidSource
  readonly origin?: Origin
}

/** Looks at a user as she is, or is not, and says what must change; runs again when another writer was faster. */
export type UserCommand<Value> = (
  user: User | undefined,
  at: Timestamp,
) => { readonly change?: Change; readonly value: Value }

const mostAttempts = 10

/**
 * Run a command on the shard of a user, and resolve once what it changed is durable. Users are written rarely, so
 * none is kept in memory.
 *
 * @throws {EntityExists} `user_exists` when another user has her email or external id.
 */
export async function writeUser<Value>(
  { store, now, origin }: UsersContext,
  id: UserId,
  command: UserCommand<Value>,
): Promise<Written<Value>> {
  const shard: ShardId = userShard(id)
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const at = now()
    const loaded = await store.load(shard)
    const expected = loaded?.revision ?? 0
    const { change, value } = command(userAmong(loaded?.entities ?? []), at)
    const token = (revision: number) => writeToken({ store: store.id, shard, revision })
    if (change === undefined) return { value, token: token(expected) }
    const result = await store.append(shard, expected, [draftOf(at, [change], origin)])
    if (result.kind === 'taken') throw takenError(result)
    if (result.kind === 'appended') return { value, token: token(result.revision) }
  }
  throw new WriteContended(shard, mostAttempts)
}

function userAmong(entities: NonNullable<Awaited<ReturnType<Store['load']>>>['entities']): User | undefined {
  for (const { kind, entity } of entities) if (kind === 'user') return entity
  return undefined
}
