import { type ChangeSource, environmentShard, type ShardId } from '@bailiwick/core'
import { type FeedEnd, type FeedEvent, type FeedGap, renderFeedEvent } from '@bailiwick/wire'
import type { Bell } from './bell.js'
import type { LogReader } from './log-reader.js'
import type { StreamWriter } from './stream-writer.js'

/** Where a reader begins, and what lies before that and is not told. */
export interface FeedStart {
  readonly position: number
  readonly gap?: FeedGap
}

/** What the feed of one reader is made of. */
export interface FeedStreamParts {
  readonly changes: ChangeSource
  readonly reader: LogReader
  readonly bell: Bell
  readonly writer: StreamWriter
  readonly start: FeedStart
  /** Default: all shards. */
  readonly shards: ReadonlySet<ShardId> | undefined
  /** When the request came. */
  readonly openedAt: number
  readonly heartbeatMs: number
  /** How long it lasts, before the reader is asked to come again. Milliseconds. */
  readonly lifetimeMs: number
}

/** The feed of one reader: where it is in the log, and what it is told. */
export class FeedStream {
  readonly #parts: FeedStreamParts
  #position: number
  #saidAt = Number.NEGATIVE_INFINITY

  constructor(parts: FeedStreamParts) {
    this.#parts = parts
    this.#position = parts.start.position
  }

  /** Tell all there is, and go on until somebody ends it. */
  async run(): Promise<void> {
    const { changes, start, writer } = this.#parts
    this.#say({ event: 'opened', store: changes.id, position: this.#position })
    if (start.gap !== undefined) this.#say({ event: 'gap', reason: start.gap, position: this.#position })
    try {
      while (writer.isOpen) await this.#goOn()
    } catch {
      this.end('unavailable')
    }
  }

  /** Say why it ends; the reader knows where it was. */
  end(reason: FeedEnd): void {
    this.#parts.writer.end(this.#render({ event: 'end', reason, position: this.#position }))
  }

  async #goOn(): Promise<void> {
    const { reader, bell, writer, openedAt, heartbeatMs, lifetimeMs } = this.#parts
    const noted = bell.rung
    const { readAt, commits, isComplete } = await reader.after(this.#position)
    if (!writer.isOpen) return
    for (const { position, shard, text } of commits) {
      if (position !== this.#position + 1)
        this.#say({ event: 'gap', reason: 'trimmed', position: position - 1 })
      if (this.#concerns(shard)) writer.write(text)
      this.#position = position
    }
    if (isComplete && readAt - this.#saidAt >= heartbeatMs) {
      this.#saidAt = readAt
      this.#say({ event: 'heartbeat', position: this.#position, elapsed_ms: Math.floor(readAt - openedAt) })
    }
    if ((await writer.drained()) === 'slow') return this.end('slow')
    if (readAt - openedAt >= lifetimeMs) return this.end('renew')
    if (isComplete) await bell.next(noted, this.#saidAt + heartbeatMs - readAt)
  }

  /** The environment concerns everybody: what roles allow is written there. */
  #concerns(shard: ShardId): boolean {
    const { shards } = this.#parts
    return shards === undefined || shard === environmentShard || shards.has(shard)
  }

  #say(event: FeedEvent): void {
    this.#parts.writer.write(this.#render(event))
  }

  #render(event: FeedEvent): string {
    return renderFeedEvent(event, this.#parts.changes.id)
  }
}
