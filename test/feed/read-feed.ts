import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { type FeedEvent, parseFeedEvent } from '@bailiwick/wire'
import { createParser } from 'eventsource-parser'

/** Where a feed is, and who asks. */
export interface FeedAddress {
  readonly url: string
  readonly apiKey: string
}

/** An event, and the id that leads on after it. */
export type Heard = FeedEvent & { readonly id: string }

/** A reader of the feed who takes what comes. */
export class FeedReading {
  readonly #heard: Heard[] = []
  #ended = false
  #wake = () => {}

  private constructor(readonly response: IncomingMessage) {
    const parser = createParser({
      onEvent: ({ event, id = '', data }) => {
        const parsed = parseFeedEvent(event, data)
        if (parsed !== undefined) this.#heard.push({ ...parsed, id })
        this.#wake()
      },
    })
    const end = () => {
      this.#ended = true
      this.#wake()
    }
    response.setEncoding('utf8').on('data', (text: string) => parser.feed(text))
    response.on('close', end).on('error', end)
  }

  static async open(server: FeedAddress, query = '', headers = {}): Promise<FeedReading> {
    return new FeedReading(await openRaw(server, query, headers))
  }

  /** The next event that is no heartbeat; `undefined` when the feed has ended. */
  next(): Promise<Heard | undefined> {
    return this.nextWhere(({ event }) => event !== 'heartbeat')
  }

  async nextWhere(is: (event: Heard) => boolean): Promise<Heard | undefined> {
    for (;;) {
      const event = this.#heard.shift()
      if (event !== undefined && is(event)) return event
      if (event !== undefined) continue
      if (this.#ended) return undefined
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  close(): void {
    this.response.destroy()
  }
}

/** The answer as it comes, of which nothing is taken yet. */
export async function openRaw(
  { url, apiKey }: FeedAddress,
  query = '',
  headers = {},
): Promise<IncomingMessage> {
  const request = get(`${url}/changes${query}`, {
    headers: { authorization: `Bearer ${apiKey}`, ...headers },
  })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return response
}
