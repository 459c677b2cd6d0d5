import type { Origin, Timestamp } from '@bailiwick/core'
import type { LiveModel } from '../environment/live-model.js'
import type { Ancestor } from '../lineage.js'
import type { UlidSource } from '../new-id.js'
import type { Store } from '../store/store.js'

/** What a shard needs from the engine that holds it. */
export interface ShardContext {
  readonly store: Store
  readonly model: LiveModel
  readonly now: () => Timestamp
  readonly ulid: UlidSource
  /** Stores whose consistency tokens hold here, for this one was restored from them. */
  readonly ancestors?: readonly Ancestor[]
  /** Where it comes from, whatever is written. */
  readonly origin?: Origin
}
