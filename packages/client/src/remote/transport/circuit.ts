import { RemoteUnavailable } from '@bailiwick/core'

/** When a service counts as down, and how often it is looked after then. */
const rules = { windowMs: 10_000, fewestCalls: 20, failingShare: 0.5, restMs: 1_000, slots: 10 }

/** How a call got through: as any other, or to find out whether the service is back. */
export type Passage = 'call' | 'probe'

interface Slot {
  at: number
  calls: number
  failures: number
}

/**
 * Leaves a service alone that fails: at half of at least 20 calls within 10 s it opens, and all that ask are
 * answered at once. After a second one call is let through; if that succeeds, it closes.
 */
export class Circuit {
  readonly #slots: Slot[] = Array.from({ length: rules.slots }, () => ({ at: -1, calls: 0, failures: 0 }))
  #openedAt: number | undefined
  #isProbing = false

  /** @param clock - Milliseconds that only grow. */
  constructor(readonly clock: () => number) {}

  /** @throws {RemoteUnavailable} `remote_circuit_open` while it is open. */
  pass(): Passage {
    if (this.#openedAt === undefined) return 'call'
    const leftMs = this.#openedAt + rules.restMs - this.clock()
    if (leftMs <= 0 && !this.#isProbing) {
      this.#isProbing = true
      return 'probe'
    }
    throw new RemoteUnavailable('remote_circuit_open', 'the service has just failed too often to be asked', {
      retryAfterSec: Math.max(leftMs, 0) / 1_000,
    })
  }

  /** The service has answered, whatever it said. */
  succeeded(passage: Passage): void {
    if (passage === 'probe') this.#close()
    else if (this.#openedAt === undefined) this.#slot().calls++
  }

  /** It has not answered, or nothing usable. */
  failed(passage: Passage): void {
    if (passage === 'probe') this.#open()
    // Calls from before it opened tell nothing new.
    if (this.#openedAt !== undefined) return
    const slot = this.#slot()
    slot.calls++
    slot.failures++
    if (this.#isFailing()) this.#open()
  }

  /** Nothing was learnt: the caller gave up first. */
  abandoned(passage: Passage): void {
    if (passage === 'probe') this.#isProbing = false
  }

  #isFailing(): boolean {
    const since = this.clock() - rules.windowMs
    let [calls, failures] = [0, 0]
    for (const each of this.#slots) {
      if (each.at < since) continue
      calls += each.calls
      failures += each.failures
    }
    return calls >= rules.fewestCalls && failures >= calls * rules.failingShare
  }

  #open(): void {
    this.#openedAt = this.clock()
    this.#isProbing = false
  }

  #close(): void {
    this.#openedAt = undefined
    this.#isProbing = false
    for (const slot of this.#slots) slot.at = -1
  }

  #slot(): Slot {
    const now = this.clock()
    const length = rules.windowMs / rules.slots
    const turn = Math.floor(now / length)
    const slot = this.#slots[turn % rules.slots] as Slot
    if (slot.at < turn * length) Object.assign(slot, { at: turn * length, calls: 0, failures: 0 })
    return slot
  }
}
