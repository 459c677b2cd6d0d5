import { RemoteUnavailable } from '@bailiwick/core'
import type { Waiting } from './waiting.js'

/** So many at a time, and so many waiting for it; who comes then is turned away at once, before anything is sent. */
export class Gate {
  readonly #waiting = new Set<() => void>()
  #inside = 0

  constructor(
    readonly mostInside: number,
    readonly mostWaiting: number,
  ) {}

  /**
   * Go in, at once or after those who came before. Whoever is in must `leave`.
   *
   * @returns `undefined` when there is nothing to wait for.
   * @throws {RemoteUnavailable} `remote_overloaded` when the queue is full.
   */
  enter(waiting: Waiting): Promise<void> | undefined {
    if (this.#inside < this.mostInside) {
      this.#inside++
      return undefined
    }
    if (this.#waiting.size >= this.mostWaiting) {
      throw new RemoteUnavailable(
        'remote_overloaded',
        `${this.mostInside} requests are under way and ${this.mostWaiting} wait for them already`,
        { retryAfterSec: 1 },
      )
    }
    return waiting.stage((resolve) => {
      const goIn = () => resolve(undefined)
      this.#waiting.add(goIn)
      return () => this.#waiting.delete(goIn)
    })
  }

  leave(): void {
    const [next] = this.#waiting
    if (next === undefined) {
      this.#inside--
      return
    }
    // The place goes from hand to hand, so that nobody who has just come takes it.
    this.#waiting.delete(next)
    next()
  }
}
