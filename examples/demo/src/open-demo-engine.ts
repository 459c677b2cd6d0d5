import { randomBytes } from 'node:crypto'
import { remoteEngine } from '@bailiwick/client'
import type { AuthorizationEngine } from '@bailiwick/core'
import { openEngine } from '@bailiwick/engine'
import { sqlite } from '@bailiwick/engine/sqlite'
import { createServer } from '@bailiwick/server'
import { model } from '@bailiwick-examples/product'
import type { EngineKind } from './settings.js'

/**
 * Open the engine of the demo over a file: in this process, or as a server that this process asks over HTTP. The
 * applications cannot tell one from the other.
 */
export async function openDemoEngine(kind: EngineKind, data: string): Promise<AuthorizationEngine> {
  const embedded = await openEngine({ store: sqlite(data), model })
  if (kind === 'embedded') return embedded

  const apiKey = `sk_demo_${randomBytes(16).toString('hex')}`
  const server = await createServer({ engine: embedded, apiKey })
  const url = await server.listen({ port: 0 })
  // The one line that an application changes. Patient, because all of the demo starts in one process.
  const engine = await remoteEngine({ url, apiKey, model, deadlineMs: 2_000 })
  return {
    ...engine,
    async close() {
      await engine.close()
      await server.close()
      await embedded.close()
    },
  }
}
