import type { Commit, Revision, ShardId } from '@bailiwick/core'

// Counted in entities, which commits are made of: a deletion may have many thousands.
const mostOfShard = 2_000
const mostOfAll = 50_000

/** The last commits that were heard of each shard. What there is no room for is read again when it is needed. */
export class RecentCommits {
  readonly #byShard = new Map<ShardId, Kept>()
  #weight = 0

  add(commit: Commit): void {
    const { shard, revision } = commit
    const known = this.#byShard.get(shard)
    const last = known?.commits.at(-1)?.revision
    if (last !== undefined && revision <= last) return
    const weight = weightOf(commit)
    const hasRoom = (known?.weight ?? 0) + weight <= mostOfShard
    if (known !== undefined && last === revision - 1 && hasRoom) {
      known.commits.push(commit)
      known.weight += weight
      this.#weight += weight
    } else {
      this.#forget(shard)
      if (weight <= mostOfShard) this.#keep(shard, [commit])
    }
    for (const oldest of this.#byShard.keys()) {
      if (this.#weight <= mostOfAll) break
      this.#forget(oldest)
    }
  }

  /** The commits after `revision` up to the last one, or `undefined` when some of them are not here. */
  after(shard: ShardId, revision: Revision): readonly Commit[] | undefined {
    const [first, ...others] = this.#byShard.get(shard)?.commits ?? []
    if (first === undefined || first.revision > revision + 1) return undefined
    return [first, ...others].filter((commit) => commit.revision > revision)
  }

  /** Nobody needs what came up to this revision any more. */
  forgetUpTo(shard: ShardId, revision: Revision): void {
    const known = this.#byShard.get(shard)?.commits ?? []
    const kept = known.filter((commit) => commit.revision > revision)
    if (kept.length === known.length) return
    this.#forget(shard)
    if (kept.length > 0) this.#keep(shard, kept)
  }

  /** The last revision that is here; 0 where nothing is. */
  last(shard: ShardId): Revision {
    return this.#byShard.get(shard)?.commits.at(-1)?.revision ?? 0
  }

  #keep(shard: ShardId, commits: Commit[]): void {
    const weight = commits.reduce((sum, commit) => sum + weightOf(commit), 0)
    this.#byShard.set(shard, { commits, weight })
    this.#weight += weight
  }

  #forget(shard: ShardId): void {
    this.#weight -= this.#byShard.get(shard)?.weight ?? 0
    this.#byShard.delete(shard)
  }
}

interface Kept {
  readonly commits: Commit[]
  weight: number
}

function weightOf({ changes }: Commit): number {
  return 1 + changes.length
}
