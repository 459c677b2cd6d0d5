import type { ConsistencyToken, OrganizationId } from '@bailiwick/core'
import { LRUCache } from 'lru-cache'

/** How new an answer must be: as new as a token, or the newest there is. */
export type Freshness = ConsistencyToken | 'latest' | 'bounded'

/** Beyond this, every node of a service has seen a write by itself. */
const rememberedMs = 60_000

/**
 * The writes of this process, so that its later questions see them: a handler that grants and then checks sees its
 * grant, whichever node answers.
 */
export class OwnWrites {
  readonly #last = new LRUCache<OrganizationId, { readonly freshness: Freshness; readonly endedAt: number }>({
    max: 10_000,
    ttl: rememberedMs,
  })
  #time = 0

  /** A write begins. @returns To be called with the token of its answer. */
  begin(organizationId: OrganizationId): (token: ConsistencyToken) => void {
    const beganAt = ++this.#time
    return (token) => {
      const last = this.#last.get(organizationId)
      // Of two writes at the same time nobody here knows which token is the later one. The newest holds both.
      const isAlone = last === undefined || last.endedAt < beganAt
      this.#last.set(organizationId, { freshness: isAlone ? token : 'latest', endedAt: ++this.#time })
    }
  }

  /** What a question about this organization must not be older than. */
  seen(organizationId: OrganizationId): Freshness | undefined {
    // Most processes only ask, and to look for a name that has just come in is to read all of it.
    return this.#last.size === 0 ? undefined : this.#last.get(organizationId)?.freshness
  }
}
