import { atLeast, type Findings, type Goal } from '../goals.js'
import { type Companion, startCompanion } from '../http/processes.js'
import type { Effort } from '../sections/section.js'
import { type Platform, platforms } from './applications.js'
import { connections, type Kept, measureKept, reportKept, sampleOf, type Way } from './kept.js'
import type { RouteServer } from './route-server.js'

/** Of each path. With less, what is measured is V8 compiling, and on Express that takes a while. */
const warmUpMs = 700

const guarded = 'guarded'

/** What is compared closely runs in so many processes. A peer is told apart by one. */
const copies = 3

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
  { floors, peers }: Platform,
  generator: Companion<'ready'>,
  { rounds, ms }: Effort,
): Promise<readonly Goal[]> {
  const servers = new Map<string, readonly Companion<RouteServer>[]>()
  try {
    const close = ['bare', ...Object.keys(floors), guarded]
    for (const way of close) servers.set(way, await startServers(name, way, copies))
    for (const way of Object.keys(peers)) servers.set(way, await startServers(name, way, 1))
    const ways = (path: string, names: Iterable<string>): Way[] =>
      [...names].map((way) => ({ name: way, path, servers: servers.get(way) ?? [] }))
    const byToken = ways('/projects', servers.keys())
    const byEngine = ways('/projects/web', close)
    for (const { path, servers } of [...byToken, ...byEngine])
      for (const server of servers) await sampleOf(generator, server, path, warmUpMs)
    const pace = { rounds: rounds * 1.3, ms: ms * 0.7 }
    const token = await measureKept(generator, byToken, pace)
    const engine = await measureKept(generator, byEngine, pace)
    reportKept(`route: ${name}, GET with a warm token, ${connections} connections`, token)
    reportKept(`route: ${name}, GET of one resource, decided by the engine, the same`, engine)
    return [
      atLeast(0.95, keptBy(token), `${name}: a guarded route, decided by the token`, 'of the bare route'),
      atLeast(0.9, keptBy(engine), `${name}: a guarded route, decided by the engine`, 'of the bare route'),
    ]
  } finally {
    await Promise.all([...servers.values()].flat().map((server) => server.end()))
  }
}

async function startServers(
  platform: string,
  way: string,
  count: number,
): Promise<readonly Companion<RouteServer>[]> {
  const servers: Companion<RouteServer>[] = []
  for (let each = 0; each < count; each++)
    servers.push(await startCompanion('../routes/route-server.js', [platform, way]))
  return servers
}

function keptBy(figures: readonly Kept[]): number {
  return figures.find(({ name }) => name === guarded)?.share ?? Number.NaN
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
