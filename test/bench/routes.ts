import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Pool } from 'undici'
import { measure, report, shareKept, type Variant } from './measure.js'
import type { RouteServers } from './route-server.js'

const connections = 32

/** Guarded routes against the same routes bare, over HTTP, the servers in a process of their own. */
export async function benchRoutes(effort: { readonly rounds: number; readonly ms: number }): Promise<void> {
  const child = fork(fileURLToPath(new URL('./route-server.js', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  try {
    const servers = await told(child)
    for (const platform of ['express', 'nest', 'nest-fastify']) await benchPlatform(platform, servers, effort)
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

async function benchPlatform(
  platform: string,
  { ports, byToken, byEngine }: RouteServers,
  effort: { readonly rounds: number; readonly ms: number },
): Promise<void> {
  const pool = (name: string) => new Pool(`http://127.0.0.1:${ports[name]}`, { connections })
  const bare = pool(`${platform} bare`)
  const guarded = pool(`${platform} guarded`)
  const figures = await measure(
    [
      load('bare route', bare, '/projects/web', byEngine),
      load('guarded, decided by the token', guarded, '/projects', byToken),
      load('guarded, decided by the engine', guarded, '/projects/web', byEngine),
    ],
    { ...effort, ms: effort.ms * 3 },
  )
  report(`route: ${platform}, GET with a warm token, ${connections} connections`, figures, shareKept)
  await Promise.all([bare.close(), guarded.close()])
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
