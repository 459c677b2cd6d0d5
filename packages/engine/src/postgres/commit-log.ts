import type { LogEntry, LogLink, Revision, ShardId } from '@bailiwick/core'
import { linkHash, noHash } from '../chain/link-hash.js'
import type { LogPage } from '../store/store.js'
import { type CommitRow, commitColumns, commitOf, commitText } from './commit-rows.js'
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
    await this.number()
    const rows = await this.database.rows<[string, ...CommitRow]>(
      `SELECT position, ${commitColumns} FROM {}.commits WHERE position > $1 ORDER BY position LIMIT $2`,
      after,
      limit,
    )
    return rows.map(([position, ...row]) => ({ position: Number(position), commit: commitOf(row) }))
  }

  /** Commits after a position, as they stand there. */
  async links({ after, limit }: LogPage): Promise<readonly LogLink[]> {
    await this.number()
    const rows = await this.database.rows<[string, string | null, ...CommitRow]>(
      `SELECT position, hash, ${commitColumns} FROM {}.commits WHERE position > $1 ORDER BY position LIMIT $2`,
      after,
      limit,
    )
    return rows.map(([at, hash, ...row]) => {
      const position = Number(at)
      return { first: position, position, text: commitText(row), hash }
    })
  }

  async last(): Promise<number> {
    await this.number()
    const [row] = await this.database.rows<[string]>('SELECT position FROM {}.store')
    return Number(row?.[0] ?? 0)
  }

  /** Where a commit stands. */
  async positionOf(shard: ShardId, revision: Revision): Promise<number | undefined> {
    await this.number()
    const [row] = await this.database.rows<[string]>(
      'SELECT position FROM {}.commits WHERE shard = $1 AND revision = $2',
      shard,
      revision,
    )
    return row === undefined ? undefined : Number(row[0])
  }

  /** Give every commit that is there a position, and chain it to the one before. */
  async number(): Promise<void> {
    while (await this.#hasUnnumbered()) {
      await this.database.writing(async (runner) => {
        const [head] = await runner.rows<[string, string | null]>(
          'SELECT position, hash FROM {}.store FOR UPDATE',
        )
        // Within a shard the revisions say what came first, whatever the order of the sequence.
        const waiting = await runner.rows<CommitRow>(
          `SELECT ${commitColumns}
           FROM (
             SELECT *, max(stored) OVER (PARTITION BY shard ORDER BY revision) AS reached
             FROM {}.commits WHERE position IS NULL
           ) AS waiting
           ORDER BY reached, shard, revision LIMIT $1`,
          mostAtOnce,
        )
        let [position, hash] = [Number(head?.[0] ?? 0), head?.[1] ?? noHash]
        const next = waiting.map((row) => {
          position += 1
          hash = linkHash(hash, position, position, commitText(row))
          return { row, position, hash }
        })
        await runner.run(
          `UPDATE {}.commits AS commits SET position = next.position, hash = next.hash
           FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[]) AS next (shard, revision, position, hash)
           WHERE commits.shard = next.shard AND commits.revision = next.revision`,
          next.map(({ row }) => row[0]),
          next.map(({ row }) => row[1]),
          next.map((each) => each.position),
          next.map((each) => each.hash),
        )
        await runner.run('UPDATE {}.store SET position = $1, hash = $2', position, hash)
      })
    }
  }

  async #hasUnnumbered(): Promise<boolean> {
    const rows = await this.database.rows('SELECT 1 FROM {}.commits WHERE position IS NULL LIMIT 1')
    return rows.length > 0
  }
}
