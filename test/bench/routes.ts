import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Pool } from 'undici'
import { atLeast, type Findings, type Goal } from './goals.js'
import { measure, report, shareKept, type Variant } from './measure.js'
import type { RouteServers } from './route-server.js'

const connections = 32

/** Guarded routes against the same routes bare, over HTTP, the servers in a process of their own. */
export async function benchRoutes(effort: {
  readonly rounds: number
  readonly ms: number
}): Promise<Findings> {
  const child = fork(fileURLToPath(new URL('./route-server.js', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  try {
    const servers = await told(child)
    const goals: Goal[] = []
    for (const platform of ['express', 'nest', 'nest-fastify']) {
      goals.push(...(await benchPlatform(platform, servers, effort)))
    }
    await benchAllocations()
    return { figures: {}, goals }
  } finally {
    child.kill()
  }
}

async function told(child: ChildProcess): Promise<RouteServers> {
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the servers ended with code ${code}`)
    }),
  ])) as [RouteServers]
  return message
}

/** What the guard makes for a request: named, without a bound of its own. */
async function benchAllocations(): Promise<void> {
  const child = fork(fileURLToPath(new URL('./route-allocations.js', import.meta.url)), {
    // Nothing is collected while it is counted.
    execArgv: ['--expose-gc', '--max-semi-space-size=512'],
  })
  const [made] = (await once(child, 'message')) as [Readonly<Record<string, number>>]
  child.kill()
  console.log('\nguard of Express alone, what a request makes for the collector')
  for (const [name, bytes] of Object.entries(made))
    console.log(`  ${name.padEnd(46)} ${Math.round(bytes)} bytes`)
}

async function benchPlatform(
  platform: string,
  { ports, peers, byToken, byEngine }: RouteServers,
  effort: { readonly rounds: number; readonly ms: number },
): Promise<readonly Goal[]> {
  const pool = (name: string) => new Pool(`http://127.0.0.1:${ports[name]}`, { connections })
  const bare = pool(`${platform} bare`)
  const guarded = pool(`${platform} guarded`)
  const others = (peers[platform] ?? []).map((name) => ({ name, pool: pool(`${platform} ${name}`) }))
  const figures = await measure(
    [
      load('bare route', bare, '/projects/web', byEngine),
      load('guarded, decided by the token', guarded, '/projects', byToken),
      load('guarded, decided by the engine', guarded, '/projects/web', byEngine),
      ...others.map((peer) => load(peer.name, peer.pool, '/projects', byToken)),
    ],
    { ...effort, ms: effort.ms * 3 },
  )
  report(`route: ${platform}, GET with a warm token, ${connections} connections`, figures, shareKept)
  await Promise.all([bare, guarded, ...others.map((peer) => peer.pool)].map((each) => each.close()))
  const [base, token, engine] = figures.map(({ median }) => median) as [number, number, number]
  return [
    atLeast(0.95, token / base, `${platform}: a guarded route, decided by the token`, 'of the bare route'),
    atLeast(0.9, engine / base, `${platform}: a guarded route, decided by the engine`, 'of the bare route'),
  ]
}

/** Keep every connection busy until the time is up. Anything but a 200 ends the bench. */
function load(name: string, pool: Pool, path: string, token: string): Variant {
  const headers = { authorization: `Bearer ${token}` }
  return {
    name,
    run: async (ms) => {
      const end = performance.now() + ms
      let done = 0
      const worker = async () => {
        while (performance.now() < end) {
          const { statusCode, body } = await pool.request({ method: 'GET', path, headers })
          await body.dump()
          if (statusCode !== 200) throw new Error(`${name}: ${statusCode}`)
          done++
        }
      }
      await Promise.all(Array.from({ length: connections }, worker))
      return done
    },
  }
}
