import type { ChangeSource, ShardId } from '@bailiwick/core'
import { renderFeedEvent } from '@bailiwick/wire'

/** A commit as every reader is told of it. */
export interface ToldCommit {
  readonly position: number
  readonly shard: ShardId
  readonly text: string
}

/** Commits that follow each other in the log. */
export interface LogBatch {
  /** When the reading began: what was durable by then is in the log. */
  readonly readAt: number
  readonly commits: readonly ToldCommit[]
  /** Whether there was nothing more. */
  readonly isComplete: boolean
}

const commitsPerBatch = 100

/** Reads the log once for all who have come equally far, as nearly all have. */
export class LogReader {
  readonly #underWay = new Map<number, Promise<LogBatch>>()

  constructor(
    private readonly changes: ChangeSource,
    /** Milliseconds that only grow. */
    private readonly clock: () => number,
  ) {}

  after(position: number): Promise<LogBatch> {
    const known = this.#underWay.get(position)
    if (known !== undefined) return known
    const reading = this.#read(position).finally(() => {
      if (this.#underWay.get(position) === reading) this.#underWay.delete(position)
    })
    this.#underWay.set(position, reading)
    return reading
  }

  /** There is something new: what is being read may lack it. */
  renew(): void {
    this.#underWay.clear()
  }

  async #read(after: number): Promise<LogBatch> {
    const readAt = this.clock()
    const entries = await this.changes.log({ after, limit: commitsPerBatch })
    const commits = entries.map(({ position, commit }) => ({
      position,
      shard: commit.shard,
      text: renderFeedEvent({ event: 'commit', position, commit }, this.changes.id),
    }))
    return { readAt, commits, isComplete: entries.length < commitsPerBatch }
  }
}
