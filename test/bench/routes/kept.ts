import type { Load, LoadFigures } from '../http/load-generator.js'
import type { Companion } from '../http/processes.js'
import { summaryOf } from '../passes.js'
import type { RouteServer } from './route-server.js'

/** One application, and what is asked of it. */
export interface Way {
  readonly name: string
  readonly path: string
  /** The same in several processes: what V8 makes of one differs from process to process by more than a header costs. */
  readonly servers: readonly Companion<RouteServer>[]
}

/** What a way of guarding leaves of the requests that the first one answers. */
export interface Kept {
  readonly name: string
  /** Median of the rounds. */
  readonly perSecond: number
  /** Processor time of the server for one request, in microseconds. */
  readonly cpuUs: number
  readonly share: number
  /** The same for each process. */
  readonly shares: readonly number[]
}

/** How many connections wait for an answer at any time, so that the server always has something to do. */
export const connections = 32

interface Sample {
  readonly perSecond: number
  readonly cpuUs: number
}

/**
 * Load each way in turn, in many short rounds, back and forth.
 *
 * A server that is never without a request answers as many as its processor time allows, that of all its threads, and
 * that time is what is compared: it stays nearly the same when something else takes the processor meanwhile. Of the
 * rounds of a process the median counts, and of the processes the median again.
 */
export async function measureKept(
  generator: Companion<'ready'>,
  ways: readonly Way[],
  { rounds, ms }: { readonly rounds: number; readonly ms: number },
): Promise<readonly Kept[]> {
  const samples = new Map(
    ways.flatMap(({ path, servers }) => servers.map((server) => [server, { path, all: [] as Sample[] }])),
  )
  for (let round = 0; round < rounds; round++) {
    const inTurn = [...samples]
    for (const [server, { path, all }] of round % 2 === 0 ? inTurn : inTurn.reverse())
      all.push(await sampleOf(generator, server, path, ms))
  }
  const costOf = (server: Companion<RouteServer>) =>
    medianOf((samples.get(server)?.all ?? []).map(({ cpuUs }) => cpuUs))
  const [base] = ways as readonly [Way, ...Way[]]
  const bareUs = medianOf(base.servers.map(costOf))
  return ways.map(({ name, servers }): Kept => {
    const costs = servers.map(costOf)
    const all = servers.flatMap((server) => samples.get(server)?.all ?? [])
    return {
      name,
      perSecond: medianOf(all.map(({ perSecond }) => perSecond)),
      cpuUs: medianOf(costs),
      share: bareUs / medianOf(costs),
      shares: costs.map((cost) => bareUs / cost),
    }
  })
}

/** Load one server for a while. */
export async function sampleOf(
  generator: Companion<'ready'>,
  server: Companion<RouteServer>,
  path: string,
  ms: number,
): Promise<Sample> {
  const { port, token } = server.ready
  // The same request for all of them, token and path, since to read it is no part of guarding.
  const request = `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${token}\r\n\r\n`
  const load: Load = { port, connections, ms, requests: [request], staysAwake: true }
  const before = await server.ask<NodeJS.CpuUsage>('cpu')
  const { perSecond, answers } = await generator.ask<LoadFigures>(load)
  const after = await server.ask<NodeJS.CpuUsage>('cpu')
  return { perSecond, cpuUs: (after.user + after.system - before.user - before.system) / answers }
}

/** Print a table of them. */
export function reportKept(title: string, figures: readonly Kept[]): void {
  console.log(`\n${title}`)
  for (const { name, perSecond, cpuUs, share, shares } of figures) {
    const each = shares.length > 1 ? `  [${shares.map((one) => one.toFixed(3)).join(', ')}]` : ''
    console.log(
      [
        `  ${name.padEnd(46)} ${Math.round(perSecond).toLocaleString('en').padStart(8)}/s`,
        `${cpuUs.toFixed(1).padStart(7)} µs of processor`,
        `${share.toFixed(2)} of it${each}`,
      ].join('   '),
    )
  }
}

function medianOf(figures: readonly number[]): number {
  return summaryOf(figures).median
}
