import type { Revision, ShardId } from '@bailiwick/core'
import type { Database } from './database.js'

type Waiting = { readonly resolve: (revision: Revision) => void; readonly reject: (error: unknown) => void }

/**
 * The revisions of shards as they are now. Whoever asks while a query is under way waits for the next one, which asks
 * for all of them at once: never for an answer that was on its way before the question.
 */
export class Revisions {
  #waiting = new Map<ShardId, Waiting[]>()
  #asking = false

  constructor(private readonly database: Database) {}

  get(shard: ShardId): Promise<Revision> {
    return new Promise((resolve, reject) => {
      const others = this.#waiting.get(shard)
      if (others === undefined) this.#waiting.set(shard, [{ resolve, reject }])
      else others.push({ resolve, reject })
      if (!this.#asking) void this.#ask()
    })
  }

  async #ask(): Promise<void> {
    this.#asking = true
    // What is asked in this turn of the event loop goes together.
    await Promise.resolve()
    while (this.#waiting.size > 0) {
      const asked = this.#waiting
      this.#waiting = new Map()
      try {
        // One look by the key for each: a plan for all of them that was right while there were few is kept for many.
        const rows = await this.database.keyed<[ShardId, string | null]>(
          `SELECT asked.shard, (SELECT revision FROM {}.shards AS shards WHERE shards.shard = asked.shard)
           FROM unnest($1::text[]) AS asked (shard)`,
          [...asked.keys()],
        )
        const found = new Map(rows.map(([shard, revision]) => [shard, Number(revision)]))
        for (const [shard, all] of asked) for (const { resolve } of all) resolve(found.get(shard) ?? 0)
      } catch (error) {
        for (const all of asked.values()) for (const { reject } of all) reject(error)
      }
    }
    this.#asking = false
  }
}
