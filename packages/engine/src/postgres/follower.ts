import type { Revision, ShardId } from '@bailiwick/core'
import type { Watchers } from '../store/watchers.js'
import type { CommitLog } from './commit-log.js'
import type { Database } from './database.js'

/** What is known of other processes is at most so old, or is not known. Milliseconds. */
const boundMs = 1_000
const lookEveryMs = 250
const mostFollowed = 100_000
/** Commits get their positions from whoever reads the log; when nobody does, so many may wait. */
const mostUnnumbered = 500

/** What a follower is made of. */
export interface FollowerParts {
  readonly database: Database
  readonly log: CommitLog
  readonly watchers: Watchers
  /** Milliseconds that only grow. */
  readonly clock: () => number
}

/**
 * Hears of what every process commits, by looking again and again. Hints make it look sooner, and nothing depends on
 * them. It begins when somebody wants to know.
 */
export class Follower {
  /** The latest revision of each shard that was read, or written, since it began. */
  readonly #heard = new Map<ShardId, Revision>()
  /** The latest revision that those who watch were told of. */
  readonly #told = new Map<ShardId, Revision>()
  /** Up to here all commits were heard of; `undefined` before it has begun. */
  #position: number | undefined
  /** When the last look began that came to its end. */
  #lookedAt = Number.NEGATIVE_INFINITY
  #isRunning = false
  #isStopped = false
  #wake: (() => void) | undefined
  #isHinted = false
  readonly #parts: FollowerParts

  constructor(parts: FollowerParts) {
    this.#parts = parts
  }

  /** Whether nothing escapes it from now on: what is read from now on can be followed. */
  get isFollowing(): boolean {
    return this.#position !== undefined
  }

  /** The revision of a shard, at most as old as the bound. */
  known(shard: ShardId): Revision | undefined {
    this.start()
    return this.#parts.clock() - this.#lookedAt <= boundMs ? this.#heard.get(shard) : undefined
  }

  /** A shard was read while it followed, or written. */
  reached(shard: ShardId, revision: Revision): void {
    remember(this.#heard, shard, revision)
  }

  /**
   * Somebody has appended: tell those who watch what they do not know yet.
   *
   * @param isFollowed - Whether that began while it followed.
   */
  appended(
    shard: ShardId,
    from: Revision,
    to: Revision,
    { isFollowed }: { readonly isFollowed: boolean },
  ): void {
    if (isFollowed) this.reached(shard, to)
    const last = Math.max(from, this.#told.get(shard) ?? 0)
    remember(this.#told, shard, to)
    if (to > last) this.#parts.watchers.tell(shard, last, to)
  }

  start(): void {
    if (this.#isRunning || this.#isStopped) return
    this.#isRunning = true
    void this.#run()
  }

  /** There may be something new. */
  hint(): void {
    this.#isHinted = true
    this.#wake?.()
  }

  stop(): void {
    this.#isStopped = true
    this.#wake?.()
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      this.#isHinted = false
      const beganAt = this.#parts.clock()
      try {
        await this.#look()
        this.#lookedAt = beganAt
      } catch {
        // What is known grows old, and whoever needs it asks the store by himself, which says what is wrong.
      }
      await this.#pause()
    }
  }

  async #look(): Promise<void> {
    const { database, log } = this.#parts
    if (this.#position === undefined) {
      this.#position = await log.last()
      return
    }
    const rows = await database.rows<[ShardId, string, string, string | null, string]>(
      `SELECT shard, min(revision) - 1, max(revision), max(position), 0
       FROM {}.commits WHERE position > $1 GROUP BY shard
       UNION ALL
       SELECT shard, min(revision) - 1, max(revision), NULL, count(*)
       FROM {}.commits WHERE position IS NULL GROUP BY shard`,
      this.#position,
    )
    let unnumbered = 0
    for (const [shard, from, to, position, waiting] of rows) {
      unnumbered += Number(waiting)
      this.#position = Math.max(this.#position, Number(position ?? 0))
      this.appended(shard, Number(from), Number(to), { isFollowed: true })
    }
    if (unnumbered > mostUnnumbered) await log.number()
  }

  #pause(): Promise<void> {
    if (this.#isHinted || this.#isStopped) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake?.(), lookEveryMs)
      timer.unref()
      this.#wake = () => {
        clearTimeout(timer)
        this.#wake = undefined
        resolve()
      }
    })
  }
}

/** Keep the latest of each, and those that were heard of last. */
function remember(latest: Map<ShardId, Revision>, shard: ShardId, revision: Revision): void {
  if ((latest.get(shard) ?? -1) >= revision) return
  latest.delete(shard)
  latest.set(shard, revision)
  for (const oldest of latest.keys()) {
    if (latest.size <= mostFollowed) return
    latest.delete(oldest)
  }
}
