import type { CheckOptions, OrganizationId } from '@bailiwick/core'
import type { AnswerCache, Asking, Kept } from './answer-cache.js'
import { frozen } from './frozen.js'

/** One question on its way. */
interface Flight {
  readonly asking: Asking
}

/** One question, and how it can be asked. */
export interface OneQuestion<Value> {
  readonly key: string
  readonly organizationId: OrganizationId
  readonly options: CheckOptions | undefined
  /** Whether its answer may be given again. */
  readonly isKept: boolean
  readonly ask: () => Promise<Value>
  /** Asks in a request of its own, which shares no answer that is on its way. `undefined`: that cannot be had. */
  readonly askAlone: (() => Promise<Value>) | undefined
}

/**
 * Answers one question at a time, and keeps what comes.
 *
 * An engine at the other end of a wire lets equal questions share one answer, so that an answer may be as old as the
 * first of those that are on their way. It is dated so.
 */
export class Flights {
  readonly #underWay = new Map<string, Set<Flight>>()

  constructor(private readonly cache: AnswerCache) {}

  /** What is kept and new enough. */
  kept<Value>(key: string, options: CheckOptions | undefined): Value | undefined {
    options?.signal?.throwIfAborted()
    const kept = this.cache.get(key)
    return kept !== undefined && isEnough(kept, options) ? (kept.value as Value) : undefined
  }

  /** Ask, and keep what comes. */
  async fetch<Value>(question: OneQuestion<Value>): Promise<Value> {
    const { key, organizationId, options, ask, askAlone, isKept } = question
    const own = this.cache.ask(organizationId)
    const first = this.#first(key)
    // What is on its way is from before a change that we know of: nothing of that is shared, or else kept.
    const isOutdated = first !== undefined && first.generation !== own.generation
    const asking = first === undefined || isOutdated ? own : first
    const leave = this.#join(key, { asking })
    try {
      const value = frozen(await (isOutdated && askAlone ? askAlone() : ask()))
      if (isKept && (!isOutdated || askAlone))
        this.cache.keep(key, { value, asking, token: tokenOf(options) })
      return value
    } finally {
      leave()
    }
  }

  /** When the first of those went out that are on their way. */
  #first(key: string): Asking | undefined {
    const [first] = this.#underWay.get(key) ?? []
    return first?.asking
  }

  #join(key: string, flight: Flight): () => void {
    const flights = this.#underWay.get(key) ?? new Set()
    this.#underWay.set(key, flights.add(flight))
    return () => {
      flights.delete(flight)
      if (flights.size === 0) this.#underWay.delete(key)
    }
  }
}

/** Whether what is kept is as new as these options want it. */
export function isEnough({ token, asking }: Kept, options: CheckOptions | undefined): boolean {
  const consistency = options?.consistency
  if (consistency === undefined || consistency === 'bounded') return true
  if (consistency === 'latest') return false
  // Tokens are opaque: which of two is newer, nobody here can tell.
  return consistency.atLeast === token || consistency.atLeast === asking.generation.token
}

/** The token that an answer was asked with. */
export function tokenOf(options: CheckOptions | undefined): Kept['token'] {
  const consistency = options?.consistency
  return typeof consistency === 'object' ? consistency.atLeast : undefined
}
