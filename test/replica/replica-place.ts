import { replicaEngine } from '@bailiwick/client/replica'
import type { AuthorizationEngine, Model } from '@bailiwick/core'
import { memoryStore } from '@bailiwick/engine'
import type { EnginePlace } from '../doors/engine-places.js'
import { startServer } from '../server/start-server.js'

/** A server over a memory store, and a replica of it in this process. */
export function replicaPlace(): EnginePlace {
  const store = memoryStore({ access: 'exclusive' })
  return {
    async open(model: Model): Promise<AuthorizationEngine> {
      const server = await startServer({ store, model })
      // Patient: what is asked here is what is answered, on a machine that does much else.
      const patience = { deadlineMs: 60_000, writeDeadlineMs: 60_000, stalenessMs: 10_000 }
      const engine = await replicaEngine({ url: server.url, apiKey: server.apiKey, ...patience })
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
