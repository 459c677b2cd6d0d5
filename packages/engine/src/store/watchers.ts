import type { Revision, ShardId } from '@bailiwick/core'

type Listener = (shard: ShardId, revision: Revision) => void

/** Those who hear of new revisions. */
export class Watchers {
  readonly #listeners = new Set<{ readonly hear: Listener }>()

  /** Returns the way to stop. */
  add(hear: Listener): () => void {
    const entry = { hear }
    this.#listeners.add(entry)
    return () => {
      this.#listeners.delete(entry)
    }
  }

  /** Tell of each revision after `from`, up to and including `to`. */
  tell(shard: ShardId, from: Revision, to: Revision): void {
    for (let revision = from + 1; revision <= to; revision++) {
      for (const { hear } of this.#listeners) {
        try {
          hear(shard, revision)
        } catch (error) {
          // The commit is durable whatever a listener thinks of it: its writer and the other listeners must
          // not learn otherwise. The error is still the application's to see, as an uncaught one.
          queueMicrotask(() => {
            throw error
          })
        }
      }
    }
  }

  clear(): void {
    this.#listeners.clear()
  }
}
