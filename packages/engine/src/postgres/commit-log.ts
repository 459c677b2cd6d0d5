import type { LogEntry, Revision, ShardId } from '@bailiwick/core'
import type { LogPage } from '../store/store.js'
import type { Database } from './database.js'

const mostAtOnce = 1_000

/**
 * The commits of all shards in one order. Transactions end in another order than they begin, so a number that is drawn
 * within one would let a late commit appear among those that were read already. Commits are numbered afterwards
 * instead, by whoever reads, under one lock: what is numbered is there, and what comes later is numbered later.
 */
export class CommitLog {
  constructor(private readonly database: Database) {}

  async read({ after, limit }: LogPage): Promise<readonly LogEntry[]> {
    await this.#number()
    const rows = await this.database.rows<[string, ShardId, string, string, string]>(
      `SELECT position, shard, revision, at, changes FROM {}.commits
       WHERE position > $1 ORDER BY position LIMIT $2`,
      after,
      limit,
    )
    return rows.map(([position, shard, revision, at, changes]) => ({
      position: Number(position),
      commit: { shard, revision: Number(revision), at, changes: JSON.parse(changes) },
    }))
  }

  async last(): Promise<number> {
    await this.#number()
    const [row] = await this.database.rows<[string]>('SELECT position FROM {}.store')
    return Number(row?.[0] ?? 0)
  }

  /** Where a commit stands. */
  async positionOf(shard: ShardId, revision: Revision): Promise<number | undefined> {
    await this.#number()
    const [row] = await this.database.rows<[string]>(
      'SELECT position FROM {}.commits WHERE shard = $1 AND revision = $2',
      shard,
      revision,
    )
    return row === undefined ? undefined : Number(row[0])
  }

  /** Give every commit that is there a position. */
  async #number(): Promise<void> {
    while (await this.#hasUnnumbered()) {
      await this.database.writing(async (runner) => {
        const [head] = await runner.rows<[string]>('SELECT position FROM {}.store FOR UPDATE')
        // Within a shard the revisions say what came first, whatever the order of the sequence.
        const numbered = await runner.run(
          `UPDATE {}.commits AS commits SET position = $1 + next.n
           FROM (
             SELECT shard, revision, row_number() OVER (ORDER BY reached, shard, revision) AS n
             FROM (
               SELECT shard, revision, max(stored) OVER (PARTITION BY shard ORDER BY revision) AS reached
               FROM {}.commits WHERE position IS NULL
             ) AS waiting
             ORDER BY n LIMIT $2
           ) AS next
           WHERE commits.shard = next.shard AND commits.revision = next.revision`,
          Number(head?.[0] ?? 0),
          mostAtOnce,
        )
        await runner.run('UPDATE {}.store SET position = position + $1', numbered)
      })
    }
  }

  async #hasUnnumbered(): Promise<boolean> {
    const rows = await this.database.rows('SELECT 1 FROM {}.commits WHERE position IS NULL LIMIT 1')
    return rows.length > 0
  }
}
