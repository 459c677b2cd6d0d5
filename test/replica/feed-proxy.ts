import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

interface Passage {
  readonly client: Socket
  readonly server: Socket
  /** Of the server that it leads to. */
  readonly port: number
  isFeed: boolean
  readonly held: Buffer[]
}

/** A network between replicas and a server, in which the feed can be held up apart from everything else. */
export class FeedProxy {
  readonly #server: Server
  readonly #passages = new Set<Passage>()
  readonly #paths: string[] = []
  #targets: readonly number[] = []
  #connections = 0
  #isFeedHeld = false

  private constructor() {
    this.#server = createServer((client) => this.#serve(client))
  }

  /** @param urls - Several servers take connections in turn, as behind a simple balancer. */
  static async open(...urls: readonly string[]): Promise<FeedProxy> {
    const proxy = new FeedProxy()
    proxy.leadTo(...urls)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Lead to these servers from now on, one connection to each in turn. */
  leadTo(...urls: readonly string[]): void {
    this.#targets = urls.map((url) => Number(new URL(url).port))
  }

  /** How many requests went to a path that begins like this. */
  requestsTo(start: string): number {
    return this.#paths.filter((path) => path.startsWith(start)).length
  }

  /** What the feed tells waits here, and its connections stay up. */
  holdFeed(): void {
    this.#isFeedHeld = true
  }

  /** What waited goes on, all at once. */
  releaseFeed(): void {
    this.#isFeedHeld = false
    for (const { client, held } of this.#passages) for (const piece of held.splice(0)) client.write(piece)
  }

  /** Take nothing any more from the connections that carry the feed now, as somebody who is too busy to listen. */
  stallFeed(): void {
    for (const { server, isFeed } of this.#passages) if (isFeed) server.pause()
  }

  /** Take again what comes, on the connections that are there. */
  goOn(): void {
    for (const { server } of this.#passages) server.resume()
  }

  /** Which servers tell the feed now, by their place in the order in which they were named. */
  get feedsFrom(): readonly number[] {
    return [...this.#passages].flatMap(({ isFeed, port }) => (isFeed ? this.#targets.indexOf(port) : []))
  }

  /** Break the connections that carry the feed; new ones may be made. */
  breakFeed(): void {
    for (const { client, isFeed } of this.#passages) if (isFeed) client.resetAndDestroy()
  }

  /** Break all connections, and refuse new ones. */
  async close(): Promise<void> {
    this.#server.close()
    for (const { client } of this.#passages) client.destroy()
    if (this.#server.listening) await once(this.#server, 'close')
  }

  #serve(client: Socket): void {
    const port = this.#targets[this.#connections++ % this.#targets.length] as number
    const server = connect(port, '127.0.0.1')
    const passage: Passage = { client, server, port, isFeed: false, held: [] }
    this.#passages.add(passage)
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.setNoDelay(true)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        this.#passages.delete(passage)
        other.destroy()
      })
    }
    client.on('data', (chunk) => {
      for (const [, path = ''] of chunk.toString('latin1').matchAll(/[A-Z]+ (\S+) HTTP\/1\.1\r\n/g)) {
        this.#paths.push(path)
        if (path.startsWith('/changes')) passage.isFeed = true
      }
      server.write(chunk)
    })
    server.on('data', (chunk) => {
      if (passage.isFeed && this.#isFeedHeld) passage.held.push(chunk)
      else client.write(chunk)
    })
  }
}
