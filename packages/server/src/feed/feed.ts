import type { ServerResponse } from 'node:http'
import { type ChangeSource, InputInvalid, type ShardId } from '@bailiwick/core'
import { readFeedToken, TryLater } from '@bailiwick/wire'
import { Bell } from './bell.js'
import { type FeedStart, FeedStream } from './feed-stream.js'
import { LogReader } from './log-reader.js'
import { StreamWriter } from './stream-writer.js'

/** How changes are told. */
export interface FeedOptions {
  /** How often readers hear that nothing has happened, in milliseconds; others' commits are found as often. Default 250. */
  readonly heartbeatMs?: number
  /** How long a reader may take nothing, before it is cut off. Milliseconds, default 5 000. */
  readonly patienceMs?: number
  /** How long one request is answered, before the reader is asked to come again. Milliseconds, default 300 000. */
  readonly lifetimeMs?: number
  /** How many may read at once. Default 1 000. */
  readonly maxReaders?: number
}

/** What a reader asks for. */
export interface FeedQuestion {
  /** A token, or `start`; default: from now on. */
  readonly after: string | undefined
  readonly shards: ReadonlySet<ShardId> | undefined
}

/** Tells every commit of a store to whoever listens, in the order of the log. */
export class Feed {
  readonly #streams = new Set<FeedStream>()
  readonly #bell = new Bell()
  readonly #reader: LogReader
  readonly #stopWatching: () => void
  readonly #options: Required<FeedOptions>
  #isClosed = false

  constructor(
    private readonly changes: ChangeSource,
    options: FeedOptions,
    /** Milliseconds that only grow. */
    private readonly clock: () => number = () => performance.now(),
  ) {
    this.#options = {
      heartbeatMs: 250,
      patienceMs: 5_000,
      lifetimeMs: 300_000,
      maxReaders: 1_000,
      ...options,
    }
    this.#reader = new LogReader(changes, clock)
    this.#stopWatching = changes.watch(() => {
      this.#reader.renew()
      this.#bell.ring()
    })
  }

  /** How many read it now. */
  get readers(): number {
    return this.#streams.size
  }

  /** @throws {TryLater} when there are too many readers already, or the service stops. */
  admit(): void {
    if (this.#isClosed) throw new TryLater('shutting_down', 1)
    if (this.#streams.size >= this.#options.maxReaders) throw new TryLater('overloaded', 1)
  }

  /** Where to begin. @throws {InputInvalid} for a token that is none. */
  async startOf(after: string | undefined): Promise<FeedStart> {
    if (after === 'start') return { position: 0 }
    const latest = await this.changes.lastPosition()
    if (after === undefined) return { position: latest }
    const place = readFeedToken(after)
    if (place === undefined) throw new InputInvalid('after', 'must be the id of an event', after)
    if (place.store !== this.changes.id) return { position: latest, gap: 'store_foreign' }
    return place.position > latest ? { position: latest, gap: 'beyond_log' } : { position: place.position }
  }

  /** Answer one reader, until either of both has enough. */
  async tell(
    response: ServerResponse,
    reading: {
      readonly start: FeedStart
      readonly shards: FeedQuestion['shards']
      readonly openedAt: number
    },
  ): Promise<void> {
    const { heartbeatMs, lifetimeMs } = this.#options
    const stream = new FeedStream({
      ...reading,
      changes: this.changes,
      reader: this.#reader,
      bell: this.#bell,
      writer: this.writer(response),
      heartbeatMs,
      lifetimeMs,
    })
    this.#streams.add(stream)
    try {
      await stream.run()
    } finally {
      this.#streams.delete(stream)
    }
  }

  /** A way to write to somebody as patient as this feed is. */
  writer(response: ServerResponse): StreamWriter {
    return new StreamWriter(response, this.#options.patienceMs)
  }

  /** The time by the clock of the feed. */
  now(): number {
    return this.clock()
  }

  /** End every stream, saying why, and begin none. */
  close(): void {
    this.#isClosed = true
    this.#stopWatching()
    for (const stream of this.#streams) stream.end('shutting_down')
    this.#bell.ring()
  }
}
