import type { AnyEntity, Commit, LogEntry, LogLink, Revision, ShardId } from './change.js'

/** What copies of a store are made from, and kept true by: whole shards, and the commits that follow. */
export interface ChangeSource {
  /** Names the store: revisions and positions of another one mean nothing here. */
  readonly id: string
  /** The whole shard at one revision, or `undefined` when it was never written. */
  load(
    shard: ShardId,
  ): Promise<{ readonly revision: Revision; readonly entities: Iterable<AnyEntity> } | undefined>
  revision(shard: ShardId): Promise<Revision>
  /** The commits after `revision`, oldest first; at most so many, if a limit is given. */
  commitsSince(shard: ShardId, revision: Revision, limit?: number): Promise<readonly Commit[]>
  /** The commits of all shards in one order, after a position; 0 is before the first. Positions grow by one. */
  log(page: { readonly after: number; readonly limit: number }): Promise<readonly LogEntry[]>
  /** The rows of the log after a position, at most so many, as they are stored. */
  links(page: { readonly after: number; readonly limit: number }): Promise<readonly LogLink[]>
  /** The position of the latest commit; 0 where there is none. */
  lastPosition(): Promise<number>
  /**
   * Hear of what is stored through this very process, once it is durable; of what others store a little later, or in
   * the log only.
   */
  watch(listener: (shard: ShardId, revision: Revision) => void): () => void
}
