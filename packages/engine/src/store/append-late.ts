import type { ShardId } from '@bailiwick/core'
import type { LateAppend, Store } from './store.js'

/** Append what is made when the store is about to write; at once where it writes each append by itself. */
export function appendLate(store: Store, shard: ShardId, late: LateAppend): void {
  if (store.appendLate !== undefined) {
    store.appendLate(shard, late)
    return
  }
  const appending = late.make('later')
  if (appending === undefined) return
  const { expected, drafts, given } = appending
  store.append(shard, expected, drafts, { given }).then(late.done, late.failed)
}
