import { atLeast, type Findings, type Goal } from '../goals.js'
import { type Companion, startCompanion } from '../http/processes.js'
import type { Effort } from '../sections/section.js'
import { type Platform, platforms } from './applications.js'
import { connections, measureKept, reportKept, sampleOf, type Way } from './kept.js'
import type { RouteServer } from './route-server.js'

// Fewer than this, and what is measured is V8 compiling.
const warmUpMs = 1_200

/** What is compared closely runs in so many processes. A peer is told apart by one. */
const copies = 2

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
  const started: Companion<RouteServer>[] = []
  const start = async (way: string, count: number) => {
    const servers: Companion<RouteServer>[] = []
    for (let each = 0; each < count; each++)
      servers.push(await startCompanion('../routes/route-server.js', [name, way]))
    started.push(...servers)
    return servers
  }
  try {
    const close = new Map<string, readonly Companion<RouteServer>[]>()
    for (const way of ['bare', ...Object.keys(floors), 'guarded']) close.set(way, await start(way, copies))
    const shown = (way: string) => (way === 'bare' ? 'bare route' : way)
    const waysTo = (path: string, decidedBy: string): Way[] =>
      [...close].map(([way, servers]) => ({
        name: way === 'guarded' ? `guarded, decided by the ${decidedBy}` : shown(way),
        path,
        servers,
      }))
    const byToken = waysTo('/projects', 'token')
    for (const peer of Object.keys(peers))
      byToken.push({ name: peer, path: '/projects', servers: await start(peer, 1) })
    const byEngine = waysTo('/projects/web', 'engine')
    const pace = { rounds: rounds * 1.5, ms: ms * 1.5 }
    for (const [path, server] of [...byToken, ...byEngine].flatMap(({ path, servers }) =>
      servers.map((server) => [path, server] as const),
    ))
      await sampleOf(generator, server, path, warmUpMs / 2)
    const token = await measureKept(generator, byToken, pace)
    const engine = await measureKept(generator, byEngine, pace)
    reportKept(`route: ${name}, GET with a warm token, ${connections} connections`, token)
    reportKept(`route: ${name}, GET of one resource, the same`, engine)
    const kept = (figures: typeof token) =>
      figures.find((each) => each.name.startsWith('guarded'))?.share ?? Number.NaN
    return [
      atLeast(0.95, kept(token), `${name}: a guarded route, decided by the token`, 'of the bare route'),
      atLeast(0.9, kept(engine), `${name}: a guarded route, decided by the engine`, 'of the bare route'),
    ]
  } finally {
    await Promise.all(started.map((server) => server.end()))
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
