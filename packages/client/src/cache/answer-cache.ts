import type { ConsistencyToken, OrganizationId } from '@bailiwick/core'
import { LRUCache } from 'lru-cache'

/** What has been learned about one organization between two changes. What is over is never believed again. */
export interface Generation {
  isOver: boolean
  /** The token of the own write that it began with: whatever was asked since then is at least as new. */
  readonly token: ConsistencyToken | undefined
}

/** When a question went out: its answer is that old, however late it comes, and of that generation. */
export interface Asking {
  readonly askedAt: number
  readonly generation: Generation
}

/** An answer that is kept. */
export interface Kept {
  readonly value: unknown
  readonly asking: Asking
  /** Which token it was asked with, if with any. */
  readonly token: ConsistencyToken | undefined
}

/** What a cache is made of. */
export interface AnswerCacheParts {
  readonly maxAgeMs: number
  readonly max: number
  /** Milliseconds that only grow. */
  readonly clock: () => number
  /** Until when, by the clock, every change has been heard of; without a feed, none ever is. */
  readonly completeAt: () => number
}

/**
 * Answers by question, each good until it is too old or something has changed in its organization.
 *
 * An answer belongs to the generation in which it was asked for. What changes ends the generation, and with it the
 * answers that are here as well as those that are still on their way.
 */
export class AnswerCache {
  readonly #kept: LRUCache<string, Kept>
  readonly #generations: LRUCache<OrganizationId, Generation>
  readonly #parts: AnswerCacheParts

  constructor(parts: AnswerCacheParts) {
    this.#parts = parts
    this.#kept = new LRUCache({ max: parts.max })
    this.#generations = new LRUCache({
      max: parts.max,
      // Also when it only gave way to others: of what is not here, nobody could say that it is over.
      dispose: (generation) => {
        generation.isOver = true
      },
    })
  }

  /** What may still be given out. */
  get(key: string): Kept | undefined {
    const kept = this.#kept.get(key)
    if (kept === undefined || kept.asking.generation.isOver) return undefined
    const { clock, completeAt, maxAgeMs } = this.#parts
    // What has seen no change up to a moment is as new as that moment.
    const asOf = Math.max(kept.asking.askedAt, completeAt())
    return clock() - asOf <= maxAgeMs ? kept : undefined
  }

  /** A question about this organization goes out now. */
  ask(organizationId: OrganizationId): Asking {
    const known = this.#generations.get(organizationId)
    const generation = known ?? this.#begin(organizationId, undefined)
    return { askedAt: this.#parts.clock(), generation }
  }

  /** Keep an answer, if nothing has changed since it was asked for. */
  keep(key: string, kept: Kept): void {
    if (!kept.asking.generation.isOver) this.#kept.set(key, kept)
  }

  /** Something has changed in this organization, or may have. @param token - Of our own write. */
  changed(organizationId: OrganizationId, token?: ConsistencyToken): void {
    this.#generations.delete(organizationId)
    if (token !== undefined) this.#begin(organizationId, token)
  }

  /** Anything may have changed. */
  clear(): void {
    this.#generations.clear()
    this.#kept.clear()
  }

  #begin(organizationId: OrganizationId, token: ConsistencyToken | undefined): Generation {
    const generation: Generation = { isOver: false, token }
    this.#generations.set(organizationId, generation)
    return generation
  }
}
