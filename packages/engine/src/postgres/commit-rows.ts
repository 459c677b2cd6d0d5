import type { Commit, ShardId } from '@bailiwick/core'
import { encodeCommit } from '../store/draft-rows.js'

/** What a commit is made from. */
export type CommitRow = [shard: ShardId, revision: string, at: string, origin: string | null, changes: string]

export const commitColumns = 'shard, revision, at, origin, changes'

export function commitOf([shard, revision, at, origin, changes]: CommitRow): Commit {
  return {
    shard,
    revision: Number(revision),
    at,
    changes: JSON.parse(changes),
    ...(origin === null ? {} : { origin: JSON.parse(origin) }),
  }
}

/** A commit as the chain covers it. */
export function commitText([shard, revision, at, origin, changes]: CommitRow): string {
  return encodeCommit({ shard, revision: Number(revision), at, origin: origin ?? undefined, changes })
}
