import { WriteContended } from '@bailiwick/core'
import type { PendingWrite } from './compose-drafts.js'

const mostAttempts = 10
const mostAtOnce = 256

/** The writes of one organization that wait for their turn, in the order in which they came. */
export class WriteQueue {
  #waiting: PendingWrite[] = []
  /** How many at its head are made alone. */
  #alone = 0

  constructor(private readonly shard: string) {}

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  add(write: PendingWrite): void {
    this.#waiting.push(write)
  }

  /** Those that are made next, together. */
  take(): readonly PendingWrite[] {
    const most = this.#alone > 0 ? 1 : mostAtOnce
    if (this.#alone > 0) this.#alone -= 1
    if (this.#waiting.length > most) return this.#waiting.splice(0, most)
    const all = this.#waiting
    this.#waiting = []
    return all
  }

  /** Nobody was in the way of these: it was no attempt of theirs. */
  putBack(writes: readonly PendingWrite[]): void {
    if (writes.length === 0) return
    this.#waiting = [...writes, ...this.#waiting]
  }

  /** Somebody else was faster. */
  putBackOnce(writes: readonly PendingWrite[]): void {
    const retried: PendingWrite[] = []
    for (const write of writes) {
      write.attempts += 1
      if (write.attempts < mostAttempts) retried.push(write)
      else write.reject(new WriteContended(this.shard, write.attempts))
    }
    this.putBack(retried)
  }

  /** There was no room for all of them together. Those that only take away need none, and are not held up by others. */
  putBackApart(writes: readonly PendingWrite[]): void {
    this.putBack(writes)
    this.#alone = writes.length
  }
}
