import {
  type Commit,
  isAuthorizationError,
  RemoteUnavailable,
  type Revision,
  type ShardId,
} from '@bailiwick/core'
import {
  type FeedEvent,
  feedPath,
  listCommits,
  parseCommit,
  parseFeedEvent,
  shardPath,
} from '@bailiwick/wire'
import { createParser } from 'eventsource-parser'
import { type Dispatcher, Pool } from 'undici'
import { readAnswer, readBy } from '../remote/read-answer.js'
import type { CheckedOptions } from '../remote/remote-options.js'
import { linesOf } from './lines.js'
import { readShard, type ToldShard } from './read-shard.js'

/** An event, and the token that leads on after it. */
export interface HeardEvent {
  readonly event: FeedEvent
  readonly token: string
}

/** What to follow. */
export interface Following {
  /** The token of the event that was heard last. */
  readonly after: string | undefined
  readonly organizations: Iterable<string> | undefined
  readonly signal: AbortSignal
}

/** Commits of a shard, and how far that leads. */
export interface ToldCommits {
  readonly store: string
  readonly revision: Revision
  readonly environment: Revision
  readonly commits: readonly Commit[]
}

const mostConnections = 16
const patienceMs = 5_000

/** The server, as replicas read it. Everything rejects with an error of kind `unavailable`, or of the API key. */
export class Source {
  readonly #pool: Pool
  readonly #prefix: string
  readonly #headers: Readonly<Record<string, string>>

  /** @param silenceMs - How long the feed may say nothing before it counts as broken. */
  constructor(
    { origin, prefix, apiKey }: CheckedOptions,
    private readonly silenceMs: number,
  ) {
    this.#pool = new Pool(origin, { connections: mostConnections, connect: { timeout: patienceMs } })
    this.#prefix = prefix
    this.#headers = { authorization: `Bearer ${apiKey}` }
  }

  /** Every event from a place on, until the connection or the reader ends. */
  async *follow({ after, organizations, signal }: Following): AsyncGenerator<HeardEvent> {
    const query = organizations === undefined ? '' : `?organization_id=${[...organizations].join(',')}`
    const body = await this.#get(`${feedPath}${query}`, {
      headers: after === undefined ? {} : { 'last-event-id': after },
      bodyTimeout: this.silenceMs,
      signal,
    })
    const heard: HeardEvent[] = []
    const parser = createParser({
      onEvent: ({ event: name, id = '', data }) => {
        const event = readBy(() => parseFeedEvent(name, data), data)
        if (event !== undefined) heard.push({ event, token: id })
      },
    })
    for await (const piece of body) {
      parser.feed(piece)
      yield* heard.splice(0)
    }
  }

  async load(shard: ShardId): Promise<ToldShard> {
    const path = shardPath.replace('{shard}', encodeURIComponent(shard))
    return readShard(shard, linesOf(await this.#get(path, { bodyTimeout: patienceMs })))
  }

  /** At most 1 000 of them. */
  async commitsSince(shard: ShardId, after: Revision): Promise<ToldCommits> {
    const path = `${listCommits.path}?shard=${encodeURIComponent(shard)}&after=${after}`
    const body = await this.#get(path, { bodyTimeout: patienceMs })
    let text = ''
    for await (const piece of body) text += piece
    return readBy(() => {
      const { store, revision, environment, data } = listCommits.schemas.answer.parse(JSON.parse(text))
      return { store, revision, environment, commits: data.map(parseCommit) }
    }, text)
  }

  close(): Promise<void> {
    return this.#pool.destroy()
  }

  async #get(path: string, options: Partial<Dispatcher.RequestOptions>): Promise<AsyncIterable<string>> {
    try {
      const answer = await this.#pool.request({
        method: 'GET',
        path: `${this.#prefix}${path}`,
        headersTimeout: patienceMs,
        ...options,
        headers: { ...this.#headers, ...(options.headers as Record<string, string> | undefined) },
      })
      const { statusCode: status, headers, body } = answer
      if (status !== 200) {
        readAnswer({ status, headers, text: await body.text() }, undefined)
        throw new RemoteUnavailable('remote_answer_invalid', `the service answered with the status ${status}`)
      }
      return textOf(body)
    } catch (cause) {
      throw asUnavailable(cause)
    }
  }
}

async function* textOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const piece of body) yield decoder.decode(piece, { stream: true })
  } catch (cause) {
    throw asUnavailable(cause)
  }
}

function asUnavailable(cause: unknown): unknown {
  return isAuthorizationError(cause)
    ? cause
    : new RemoteUnavailable('remote_unreachable', 'the connection to the service broke', { cause })
}
