import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Misconfigured } from '@bailiwick/core'

/** A server that answers GET of any of `paths` with what `body` yields at that moment, as JSON. */
export interface JsonServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  close(): Promise<void>
}

/** @throws {Misconfigured} when the port is taken. */
export async function serveJson(
  paths: readonly string[],
  body: () => unknown,
  port: number,
): Promise<JsonServer> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || !paths.includes(request.url ?? '')) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body()))
  })
  await listening(server, port)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => closed(server),
  }
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE'
      reject(
        taken
          ? new Misconfigured(`port ${port} is taken; choose another, or 0 for a free one`, { cause })
          : cause,
      )
    })
    server.listen(port, '127.0.0.1', resolve)
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
