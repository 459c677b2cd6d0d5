import { setTimeout as wait } from 'node:timers/promises'
import type { Commit, OrganizationId } from '@bailiwick/core'
import { invalid } from '../remote/read-answer.js'
import type { Follow, HeardEvent } from './follow-feed.js'

/** Who hears what the feed tells. */
export interface FeedListener {
  /** Commits of this store follow. What was known before has nothing to do with them. */
  begins(store: string): void
  committed(commit: Commit): void
}

/** What a follower is made of. */
export interface FollowerParts {
  readonly follow: Follow
  readonly organizations: ReadonlySet<OrganizationId> | undefined
  readonly listener: FeedListener
  /** Milliseconds that only grow. */
  readonly clock: () => number
}

const shortestPauseMs = 50
const longestPauseMs = 1_000

/** Follows the feed of a server, through broken connections and restarts, and knows how old is what it heard. */
export class Follower {
  readonly #parts: FollowerParts
  readonly #stopping = new AbortController()
  #store: string | undefined
  #token: string | undefined
  #completeAt = Number.NEGATIVE_INFINITY
  #pauseMs = shortestPauseMs

  constructor(parts: FollowerParts) {
    this.#parts = parts
  }

  /** Begin, and go on until it is stopped. Resolves with the first heartbeat; rejects when the first attempt fails. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      void this.#run(resolve, reject)
    })
  }

  /** When, by the clock, what has been heard was everything that was durable. */
  get completeAt(): number {
    return this.#completeAt
  }

  /** Everything that was durable so many milliseconds ago has been heard. */
  get ageMs(): number {
    return this.#parts.clock() - this.#completeAt
  }

  stop(): void {
    this.#stopping.abort()
  }

  async #run(alive: () => void, failed: (reason: unknown) => void): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      let isRenewal = false
      try {
        isRenewal = (await this.#hear(alive)) === 'renewal'
        failed(invalid('ended before it said anything'))
      } catch (error) {
        failed(error)
      }
      if (!isRenewal) await this.#pause()
    }
  }

  /** Hear one connection to its end. */
  async #hear(alive: () => void): Promise<'end' | 'renewal'> {
    const { follow, organizations, clock } = this.#parts
    const { signal } = this.#stopping
    const sentAt = clock()
    let isRenewal = false
    for await (const heard of follow({ after: this.#token, organizations, signal })) {
      const { event } = heard
      this.#take(heard)
      if (event.event === 'heartbeat') {
        // The server counts from when the request came, which was after it went: however long an event was on its
        // way, it says nothing newer than this.
        this.#completeAt = Math.max(this.#completeAt, sentAt + event.elapsed_ms)
        this.#pauseMs = shortestPauseMs
        alive()
      }
      isRenewal = event.event === 'end' && event.reason === 'renew'
    }
    return isRenewal ? 'renewal' : 'end'
  }

  #take({ event, token }: HeardEvent): void {
    const { listener } = this.#parts
    switch (event.event) {
      case 'opened':
        if (event.store !== this.#store) this.#begin(event.store)
        break
      case 'gap':
        this.#begin(this.#store as string)
        break
      case 'commit':
        listener.committed(event.commit)
    }
    this.#token = token
  }

  #begin(store: string): void {
    this.#store = store
    this.#completeAt = Number.NEGATIVE_INFINITY
    this.#parts.listener.begins(store)
  }

  async #pause(): Promise<void> {
    const { signal } = this.#stopping
    // Not all at once: a server that comes back has others to answer as well.
    const pauseMs = this.#pauseMs * (0.5 + Math.random() / 2)
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs)
    await wait(pauseMs, undefined, { signal }).catch(() => {})
  }
}
