import { Misconfigured, nearestSlug } from '@bailiwick/core'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { unnamed } from './requirements.js'
import type { ToolGuard } from './tool-guard.js'

/** A server of the SDK, of either kind. */
export interface ConnectableServer {
  connect(transport: Transport): Promise<void>
  close(): Promise<void>
}

/**
 * Hold the tools of a server against its guard, at start: one that the guard does not know would be there for nobody.
 * The server is asked for its list as a client would ask, and is free to be connected afterwards.
 *
 * @throws {Misconfigured} naming every tool at fault and the line to add.
 *
 * @example
 * await assertGuarded(createServer(), guard)
 */
export async function assertGuarded(server: ConnectableServer, guard: ToolGuard): Promise<void> {
  const registered = await toolsOf(server)
  const absent = [...guard.tools.keys()].filter((name) => !registered.includes(name))
  const faults = registered
    .filter((name) => !guard.tools.has(name))
    .map((name) => {
      const meant = nearestSlug(name, absent)
      const named = meant === undefined ? '' : ` (it names \`${meant}\`, which the server does not have)`
      return `${unnamed(name)}${named}`
    })
  if (faults.length > 0) throw new Misconfigured(`this server is not guarded:\n- ${faults.join('\n- ')}`)
}

async function toolsOf(server: ConnectableServer): Promise<readonly string[]> {
  const [ours, theirs] = InMemoryTransport.createLinkedPair()
  const client = new Client({ name: 'bailiwick', version: '1' })
  await Promise.all([server.connect(theirs), client.connect(ours)])
  try {
    return await allTools(client)
  } finally {
    await client.close()
    await server.close()
  }
}

async function allTools(client: Client): Promise<readonly string[]> {
  if (client.getServerCapabilities()?.tools === undefined) return []
  const names: string[] = []
  let cursor: string | undefined
  do {
    const page = await client.listTools({ cursor })
    names.push(...page.tools.map(({ name }) => name))
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return names
}
