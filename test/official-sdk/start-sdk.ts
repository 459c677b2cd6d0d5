import { expect } from 'vitest'
import { type StartedServer, type StartOptions, startServer } from '../server/start-server.js'
import { clientOf, type ServerClient } from './client-of.js'
import type { Sdk } from './sdks.js'

/** A client of the official SDK, and the server that it talks to. */
export interface SdkSession extends StartedServer, Pick<ServerClient, 'workos' | 'client'> {}

/** Start a server and point the SDK at it. Closing it fails when any answer broke a promise of the API. */
export async function startSdk(sdk: Sdk, options: StartOptions = {}): Promise<SdkSession> {
  const started = await startServer(options)
  const { workos, client, problems } = clientOf(sdk, started)
  return {
    ...started,
    workos,
    client,
    close: async () => {
      await started.close()
      expect(problems).toEqual([])
    },
  }
}
