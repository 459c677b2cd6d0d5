import type { ServiceEngine } from '@bailiwick/core'
import type { StoreOpener } from '@bailiwick/engine'
import { startAcme } from '../server/acme-server.js'
import { type StartedServer, startServer } from '../server/start-server.js'

/** Three servers over one store, each with an engine of its own, and one key for all. */
export interface ThreeNodes {
  readonly nodes: readonly [StartedServer, StartedServer, StartedServer]
  readonly engines: readonly ServiceEngine[]
  readonly urls: readonly string[]
  readonly apiKey: string
  close(): Promise<void>
}

/** Start three nodes that have Acme and Globex. */
export async function startThreeNodes(store: StoreOpener): Promise<ThreeNodes> {
  const first = await startAcme({ store })
  const { apiKey, engine } = first
  const others = [
    await startServer({ store, apiKey, model: engine.model }),
    await startServer({ store, apiKey, model: engine.model }),
  ] as const
  const nodes = [first, ...others] as const
  return {
    nodes,
    engines: nodes.map((node) => node.engine),
    urls: nodes.map((node) => node.url),
    apiKey,
    close: async () => {
      for (const node of nodes) await node.close()
    },
  }
}
