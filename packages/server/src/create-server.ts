import type { ServiceEngine } from '@bailiwick/core'
import { allRoutes } from './all-routes.js'
import { createApp } from './http/create-app.js'
import type { Route, Service } from './http/route.js'
import { configuredKey } from './keys/configured-key.js'

/** What a server is made of. */
export interface ServerOptions {
  readonly engine: ServiceEngine
  /** A key with the scope `admin` that comes from the operator's settings, and is kept nowhere. */
  readonly apiKey?: string
  /** The time in milliseconds since 1970. */
  readonly clock?: () => number
}

/** The HTTP service. The engine stays whoever's it is: closing the server does not close it. */
export interface Server {
  /** Every route that it answers. */
  readonly routes: readonly Route[]
  /** Begin to listen. @returns where: `http://127.0.0.1:4100`. */
  listen(options: { readonly port: number; readonly host?: string }): Promise<string>
  /** Stop to listen, and resolve once every request under way is answered. */
  close(): Promise<void>
}

/** Make the HTTP service over an engine. It listens once it is told where. */
export async function createServer(options: ServerOptions): Promise<Server> {
  const service: Service = { engine: options.engine, clock: options.clock ?? Date.now }
  const routes = allRoutes(service)
  const keys = configuredKey(options.apiKey)
  const app = await createApp({ routes, keys })
  return {
    routes,
    listen: ({ port, host = '127.0.0.1' }) => app.listen({ port, host }),
    close: () => app.close(),
  }
}
