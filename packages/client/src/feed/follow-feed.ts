import { type FeedEvent, feedPath, parseFeedEvent } from '@bailiwick/wire'
import { createParser } from 'eventsource-parser'
import { readBy } from '../remote/read-answer.js'
import type { Reading } from './reading.js'

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

/** One connection to a feed, from a place on. */
export type Follow = (following: Following) => AsyncIterable<HeardEvent>

/**
 * Follow the feed of a server. Each connection yields every event until it or its reader ends, and no more is read
 * from it than what the reader takes.
 *
 * @param silenceMs - How long the feed may say nothing before it counts as broken.
 */
export function followFeed(reading: Reading, silenceMs: number): Follow {
  return async function* follow({ after, organizations, signal }) {
    const query = organizations === undefined ? '' : `?organization_id=${[...organizations].join(',')}`
    const body = await reading.get(`${feedPath}${query}`, {
      headers: after === undefined ? {} : { 'last-event-id': after },
      bodyTimeout: silenceMs,
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
}
