import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type AnsweringParts, RequestAnswerer } from './answer-requests.js'
import { ArrivingRequest } from './arriving-request.js'
import { answerClientError } from './client-error.js'
import type { Endpoint } from './endpoint.js'
import { Router } from './router.js'
import { keepAliveSec } from './send-whole.js'

/** What the application is made of. */
export interface AppParts extends Omit<AnsweringParts, 'router'> {
  readonly endpoints: readonly Endpoint[]
  /** What a request may take to arrive, in milliseconds. Default 30 000. */
  readonly requestTimeoutMs?: number | undefined
}

/** Endpoints behind HTTP. */
export interface App {
  readonly server: Server
  /** Begin to listen. @returns where: `http://127.0.0.1:4100`. */
  listen(at: { readonly port: number; readonly host: string }): Promise<string>
  /** From now on every answer closes its connection. */
  refuseReuse(): void
}

/** The HTTP server over some endpoints; it listens once it is told where. */
export function createApp({ endpoints, requestTimeoutMs = 30_000, ...parts }: AppParts): App {
  const answerer = new RequestAnswerer({ ...parts, router: new Router(endpoints) })
  const server = createServer(
    {
      IncomingMessage: ArrivingRequest,
      // Headers and body: a slow sender is cut off, the others go on.
      requestTimeout: requestTimeoutMs,
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(5_000, requestTimeoutMs / 2),
      keepAliveTimeout: keepAliveSec * 1_000,
      // We refuse it ourselves, in JSON.
      requireHostHeader: false,
    },
    answerer.answer,
  )
  server.on('clientError', answerClientError)
  server.on('checkExpectation', answerer.refuseExpectation)
  return {
    server,
    listen: async ({ port, host }) => {
      server.listen({ port, host })
      await once(server, 'listening')
      return urlOf(server.address() as AddressInfo)
    },
    refuseReuse: () => {
      answerer.isStopping = true
    },
  }
}

/** Where a caller on this machine reaches it. */
function urlOf({ address, port, family }: AddressInfo): string {
  const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address
  return `http://${family === 'IPv6' ? `[${host}]` : host}:${port}`
}
