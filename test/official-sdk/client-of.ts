import type { StartedServer } from '../server/start-server.js'
import { checkedFetch } from './checked-fetch.js'
import type { Sdk, WorkOSClient } from './sdks.js'

/** What makes a client another one than that of the server's own key. */
export interface OtherClient {
  readonly apiKey?: string
  readonly clientId?: string
}

/** A client of the official SDK that talks to a server. */
export interface ServerClient {
  readonly workos: WorkOSClient
  /** Another one, with another key or client id. */
  readonly client: (options: OtherClient) => WorkOSClient
  /** What broke a promise of the API in any answer so far. */
  readonly problems: readonly string[]
}

/** Point the SDK at a server. */
export function clientOf(sdk: Sdk, { server, url, apiKey: own }: StartedServer): ServerClient {
  const { problems, fetch } = checkedFetch(server.routes)
  const { hostname, port } = new URL(url)
  const client = ({ apiKey = own, ...rest }: OtherClient) =>
    sdk.create(apiKey, {
      apiHostname: hostname,
      port: Number(port),
      https: false,
      fetchFn: fetch,
      ...rest,
    })
  return { workos: client({}), client, problems }
}
