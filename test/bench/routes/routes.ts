import { atLeast, type Findings, type Goal } from '../goals.js'
import type { Load, LoadFigures } from '../http/load-generator.js'
import { type Companion, startCompanion } from '../http/processes.js'
import { type Figure, measure, report, shareKept, type Variant } from '../measure.js'
import type { Effort } from '../sections/section.js'
import { type Platform, platforms } from './applications.js'
import type { RouteServer } from './route-server.js'

const connections = 32

// Fewer than this, and what is measured is V8 compiling.
const warmUpMs = 1_200

/** Guarded routes against the same routes bare and under other guards, over HTTP, each in a process of its own. */
export async function benchRoutes(effort: Effort): Promise<Findings> {
  const generator = await startCompanion<'ready'>('./load-generator.js')
  const goals: Goal[] = []
  try {
    for (const [name, platform] of Object.entries(platforms))
      goals.push(...(await benchPlatform(name, platform, generator, effort)))
  } finally {
    await generator.end()
  }
  await reportAllocations()
  return { figures: {}, goals }
}

async function benchPlatform(
  name: string,
  { peers }: Platform,
  generator: Companion<'ready'>,
  { rounds, ms }: Effort,
): Promise<readonly Goal[]> {
  const others = Object.keys(peers)
  const servers = await startServers(name, ['bare', 'idle', 'guarded', ...others])
  const load = (way: string, shown: string, path: string) =>
    loading(generator, servers.get(way) as Companion<RouteServer>, shown, path)
  // The same request for all of them, token and path, since to read it is no part of guarding.
  const byToken = [
    load('bare', 'bare route', '/projects'),
    load('idle', 'a guard that does nothing', '/projects'),
    load('guarded', 'guarded, decided by the token', '/projects'),
    ...others.map((peer) => load(peer, peer, '/projects')),
  ]
  const byEngine = [
    load('bare', 'bare route of one resource', '/projects/web'),
    load('idle', 'a guard that does nothing, on one resource', '/projects/web'),
    load('guarded', 'guarded, decided by the engine', '/projects/web'),
  ]
  try {
    for (const { run } of [...byToken, ...byEngine]) await run(warmUpMs)
    const figures = await measure([...byToken, ...byEngine], { rounds: rounds * 3, ms: ms * 1.5 })
    const [token, engine] = [figures.slice(0, byToken.length), figures.slice(byToken.length)]
    report(`route: ${name}, GET with a warm token, ${connections} connections`, token, shareKept)
    report(`route: ${name}, GET of one resource, the same`, engine, shareKept)
    return [
      atLeast(0.95, keptOf(token), `${name}: a guarded route, decided by the token`, 'of the bare route'),
      atLeast(0.9, keptOf(engine), `${name}: a guarded route, decided by the engine`, 'of the bare route'),
    ]
  } finally {
    await Promise.all([...servers.values()].map((server) => server.end()))
  }
}

async function startServers(
  platform: string,
  ways: readonly string[],
): Promise<ReadonlyMap<string, Companion<RouteServer>>> {
  const servers = new Map<string, Companion<RouteServer>>()
  for (const way of ways) servers.set(way, await startCompanion('../routes/route-server.js', [platform, way]))
  return servers
}

function keptOf([bare, , guarded]: readonly Figure[]): number {
  return (guarded?.median ?? Number.NaN) / (bare?.median ?? Number.NaN)
}

function loading(
  generator: Companion<'ready'>,
  { ready: { port, token } }: Companion<RouteServer>,
  name: string,
  path: string,
): Variant {
  const request = `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${token}\r\n\r\n`
  return {
    name,
    run: async (ms) => {
      const load: Load = { port, connections, ms, requests: [request], staysAwake: true }
      return (await generator.ask<LoadFigures>(load)).answers
    },
  }
}

/** What the guard makes for a request: named, without a bound of its own. */
async function reportAllocations(): Promise<void> {
  // Nothing is collected while it is counted.
  const counting = ['--expose-gc', '--max-semi-space-size=512']
  const made = await startCompanion<Readonly<Record<string, number>>>(
    '../routes/allocations.js',
    [],
    counting,
  )
  await made.end()
  console.log('\nguard of Express alone, what a request makes for the collector')
  for (const [name, bytes] of Object.entries(made.ready))
    console.log(`  ${name.padEnd(46)} ${Math.round(bytes)} bytes`)
}
