import type { Commit, Revision, ShardId } from '@bailiwick/core'

const mostOfShard = 1_000
const mostOfAll = 20_000

/** The last commits that were heard of each shard. What there is no room for is read again when it is needed. */
export class RecentCommits {
  readonly #byShard = new Map<ShardId, Commit[]>()
  #count = 0

  add(commit: Commit): void {
    const known = this.#byShard.get(commit.shard)
    const last = known?.at(-1)
    if (last !== undefined && commit.revision <= last.revision) return
    const follows = last === undefined || commit.revision === last.revision + 1
    if (!follows || (known?.length ?? 0) >= mostOfShard) this.#forget(commit.shard)
    const commits = this.#byShard.get(commit.shard)
    if (commits === undefined) this.#byShard.set(commit.shard, [commit])
    else commits.push(commit)
    this.#count++
    for (const oldest of this.#byShard.keys()) {
      if (this.#count <= mostOfAll) break
      this.#forget(oldest)
    }
  }

  /** The commits after `revision` up to the last one, or `undefined` when some of them are not here. */
  after(shard: ShardId, revision: Revision): readonly Commit[] | undefined {
    const [first, ...others] = this.#byShard.get(shard) ?? []
    if (first === undefined || first.revision > revision + 1) return undefined
    return [first, ...others].filter((commit) => commit.revision > revision)
  }

  /** Nobody needs what came up to this revision any more. */
  forgetUpTo(shard: ShardId, revision: Revision): void {
    const known = this.#byShard.get(shard) ?? []
    const kept = known.filter((commit) => commit.revision > revision)
    if (kept.length === known.length) return
    this.#forget(shard)
    if (kept.length > 0) this.#byShard.set(shard, kept)
    this.#count += kept.length
  }

  /** The last revision that is here; 0 where nothing is. */
  last(shard: ShardId): Revision {
    return this.#byShard.get(shard)?.at(-1)?.revision ?? 0
  }

  #forget(shard: ShardId): void {
    this.#count -= this.#byShard.get(shard)?.length ?? 0
    this.#byShard.delete(shard)
  }
}
