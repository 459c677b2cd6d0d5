import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

interface Passage {
  readonly client: Socket
  readonly server: Socket
  isFeed: boolean
  readonly held: Buffer[]
}

/** A network between replicas and a server, in which the feed can be held up apart from everything else. */
export class FeedProxy {
  readonly #server: Server
  readonly #passages = new Set<Passage>()
  readonly #paths: string[] = []
  #isFeedHeld = false

  private constructor(private targetPort: number) {
    this.#server = createServer((client) => this.#serve(client))
  }

  static async open(url: string): Promise<FeedProxy> {
    const proxy = new FeedProxy(Number(new URL(url).port))
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Lead to another server from now on. */
  leadTo(url: string): void {
    this.targetPort = Number(new URL(url).port)
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
    const server = connect(this.targetPort, '127.0.0.1')
    const passage: Passage = { client, server, isFeed: false, held: [] }
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
