import { TryLater } from '@bailiwick/wire'

/** How much the service takes on. */
export interface AdmissionLimits {
  /** Requests under way at once. Default 1 000. */
  readonly maxInFlight?: number
  /** How late the event loop may be before requests are turned away, in milliseconds. Default 500. */
  readonly maxDelayMs?: number
}

/**
 * Turns requests away before their bodies are read while there is more to do than can be done: a refusal that costs
 * next to nothing now is better than an answer that nobody waits for any more.
 */
export class Admission {
  #inFlight = 0

  constructor(
    private readonly limits: AdmissionLimits,
    /** How late the event loop is, in milliseconds. */
    private readonly delayMs: () => number,
  ) {}

  get inFlight(): number {
    return this.#inFlight
  }

  /** @throws {TryLater} `overloaded`. Whoever enters must leave. */
  enter(): void {
    const { maxInFlight = 1_000, maxDelayMs = 500 } = this.limits
    if (this.#inFlight >= maxInFlight || this.delayMs() > maxDelayMs) throw new TryLater('overloaded', 1)
    this.#inFlight++
  }

  leave(): void {
    this.#inFlight--
  }
}
