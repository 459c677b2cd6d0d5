import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** What a network does to a connection. */
export type Toxic =
  /** Nothing. */
  | { readonly kind: 'none' }
  /** Everything arrives, later. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** Everything is swallowed. */
  | { readonly kind: 'blackhole' }
  /** The connection is reset when the request has been read. */
  | { readonly kind: 'reset' }
  /** The connection ends in the middle of the answer. */
  | { readonly kind: 'truncate' }
  /** The answer comes byte by byte. */
  | { readonly kind: 'dribble'; readonly msPerByte: number }
  /** Somebody else answers. */
  | { readonly kind: 'answer'; readonly text: string }
  /** Of all connections that were ever made, every other one is dead from now on. */
  | { readonly kind: 'half-dead' }

/** A network between a client and a server, as good as the test wants it. */
export class TcpProxy {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #toxic: Toxic = { kind: 'none' }
  #requests = 0
  #connections = 0

  private constructor(readonly targetPort: number) {
    this.#server = createServer((client) => this.#serve(client, this.#connections++))
  }

  static async open(targetPort: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(targetPort)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Requests that clients have sent, whatever became of them. */
  get requests(): number {
    return this.#requests
  }

  /** Connections that were made so far. */
  get connections(): number {
    return this.#connections
  }

  /** From now on, on connections that are there as well. */
  become(toxic: Toxic): void {
    this.#toxic = toxic
  }

  /** Refuse connections, and end those that are there. */
  async close(): Promise<void> {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    if (this.#server.listening) await once(this.#server, 'close')
  }

  #serve(client: Socket, number: number): void {
    const server = connect(this.targetPort, '127.0.0.1')
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.setNoDelay(true)
      this.#sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        this.#sockets.delete(one)
        other.destroy()
      })
    }
    client.on('data', (chunk) => this.#fromClient(chunk, client, server, number))
    server.on('data', (chunk) => this.#fromServer(chunk, client))
  }

  #fromClient(chunk: Buffer, client: Socket, server: Socket, number: number): void {
    const requests = chunk.toString('latin1').match(/ HTTP\/1\.1\r\n/g)?.length ?? 0
    this.#requests += requests
    const toxic = this.#toxic
    switch (toxic.kind) {
      case 'blackhole':
        return
      case 'reset':
        client.resetAndDestroy()
        return
      case 'answer':
        if (requests > 0) client.write(toxic.text)
        return
      case 'half-dead':
        if (number % 2 === 0) client.resetAndDestroy()
        else server.write(chunk)
        return
      case 'latency':
        setTimeout(() => server.write(chunk), toxic.ms)
        return
      default:
        server.write(chunk)
    }
  }

  #fromServer(chunk: Buffer, client: Socket): void {
    const toxic = this.#toxic
    if (toxic.kind === 'truncate') {
      client.write(chunk.subarray(0, chunk.length - 20), () => client.destroy())
      return
    }
    if (toxic.kind !== 'dribble') {
      client.write(chunk)
      return
    }
    const bytes = [...chunk]
    const timer = setInterval(() => {
      const byte = bytes.shift()
      if (byte === undefined || client.destroyed) clearInterval(timer)
      else client.write(Buffer.of(byte))
    }, toxic.msPerByte)
  }
}
