import type { Revision, ShardId } from '@bailiwick/core'
import type { DraftRow } from '../store/draft-rows.js'
import type { AppendCondition, AppendResult } from '../store/store.js'

/** What is to be appended. */
export interface Append {
  readonly shard: ShardId
  readonly expected: Revision
  readonly drafts: readonly DraftRow[]
  readonly condition: AppendCondition | undefined
}

/** What an append comes to; an error is a bug of the caller. */
export type AppendOutcome = AppendResult | { readonly kind: 'bug'; readonly error: Error }
