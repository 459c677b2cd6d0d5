import { type RemoteEngine, remoteEngine } from '@bailiwick/client'
import type { AuthorizationEngine, Model } from '@bailiwick/core'
import { memoryStore } from '@bailiwick/engine'
import type { EnginePlace } from '../doors/engine-places.js'
import { type StartedServer, startServer } from '../server/start-server.js'

/** A server over a memory store, with its engine at this end of the wire; the model is read over that as well. */
export function remotePlace(): EnginePlace {
  const store = memoryStore({ access: 'exclusive' })
  return {
    async open(model: Model): Promise<AuthorizationEngine> {
      // Patient on both sides: what is looked at here are answers, on a machine that does much else.
      const server = await startServer({ store, model, admission: { maxDelayMs: 60_000 } })
      const engine = await remoteOver(server)
      return {
        ...engine,
        async close() {
          await engine.close()
          await server.close()
        },
      }
    },
    discard() {},
  }
}

/** A remote engine that waits for a server for as long as a busy machine may need. */
export function remoteOver({ url, apiKey }: StartedServer): Promise<RemoteEngine> {
  return remoteEngine({ url, apiKey, deadlineMs: 60_000, writeDeadlineMs: 60_000 })
}
