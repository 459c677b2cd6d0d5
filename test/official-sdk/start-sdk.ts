import { expect } from 'vitest'
import { type StartedServer, type StartOptions, startServer } from '../server/start-server.js'
import { checkedFetch } from './checked-fetch.js'
import type { Sdk, WorkOSClient } from './sdks.js'

/** A client of the official SDK, and the server that it talks to. */
export interface SdkSession extends StartedServer {
  readonly workos: WorkOSClient
  /** Another client of the same server, with another key or client id. */
  readonly client: (options: { readonly apiKey?: string; readonly clientId?: string }) => WorkOSClient
}

/** Start a server and point the SDK at it. Closing it fails when any answer broke a promise of the API. */
export async function startSdk(sdk: Sdk, options: StartOptions = {}): Promise<SdkSession> {
  const started = await startServer(options)
  const { problems, fetch } = checkedFetch(started.server.routes)
  const { hostname, port } = new URL(started.url)
  const client: SdkSession['client'] = ({ apiKey = started.apiKey, ...rest }) =>
    sdk.create(apiKey, {
      apiHostname: hostname,
      port: Number(port),
      https: false,
      fetchFn: fetch,
      ...rest,
    })
  return {
    ...started,
    workos: client({}),
    client,
    close: async () => {
      await started.close()
      expect(problems).toEqual([])
    },
  }
}
