import type { Revision, ShardId } from '@bailiwick/core'
import type { DraftRow } from '../store/draft-rows.js'
import type { AppendCondition } from '../store/store.js'

/** What is to be appended. */
export interface Append {
  readonly shard: ShardId
  readonly expected: Revision
  readonly drafts: readonly DraftRow[]
  readonly condition: AppendCondition | undefined
}
