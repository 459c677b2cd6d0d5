import { atLeast, type Findings, type Goal } from '../goals.js'
import { checkRequests } from '../http/check-requests.js'
import type { CheckServer } from '../http/check-server.js'
import type { Load, LoadFigures } from '../http/load-generator.js'
import { type Companion, startCompanion } from '../http/processes.js'
import { summaryOf } from '../passes.js'
import type { Size } from '../workload/sizes.js'
import { makeWorkload } from '../workload/workload.js'
import type { Effort } from './section.js'

const connectionCounts = [1, 16, 64]

/**
 * Checks over HTTP: our server with a whole workload in SQLite, and beside it the least server that Node can be,
 * which parses the same bodies and answers a constant. Each in a process of its own, as is who loads them.
 */
export async function runServer(size: Size, { rounds, ms }: Effort): Promise<Findings> {
  const ours = await startCompanion<CheckServer>('./check-server.js', [size.name])
  const bare = await startCompanion<{ readonly port: number }>('./bare-server.js')
  const generator = await startCompanion<'ready'>('./load-generator.js')
  try {
    const { host, port } = new URL(ours.ready.url)
    const ports = [Number(port), bare.ready.port] as const
    const requests = checkRequests(makeWorkload(size), host, ours.ready.apiKey)
    console.log(
      `\nserver: single checks over HTTP at ${size.name}, ${requests.length} different ones in turn`,
    )
    // A server that has just started compiles; who runs one for a day does not see that.
    for (const port of ports) await generator.ask({ port, connections: 64, ms: 3_000, requests })
    const goals: Goal[] = []
    for (const connections of connectionCounts) {
      const loaded: readonly Loaded[] = [
        { server: ours, load: { port: ports[0], connections, ms: ms * 3, requests } },
        { server: bare, load: { port: ports[1], connections, ms: ms * 3, requests } },
      ]
      const [own, least] = await inTurn(generator, loaded, Math.max(5, Math.round(rounds / 3)))
      if (own === undefined || least === undefined) throw new Error('nothing was measured')
      print('ours', connections, own)
      print('bare node:http', connections, least)
      const share = own.perSecond / least.perSecond
      const what = `${size.name}: checks a second over HTTP, ${connections} connections`
      if (connections > 1) goals.push(atLeast(0.6, share, what, '× the bare server'))
    }
    return { goals, figures: {} }
  } finally {
    await Promise.all([ours.end(), bare.end(), generator.end()])
  }
}

interface Loaded {
  readonly server: Companion<unknown>
  readonly load: Load
}

interface Measured extends LoadFigures {
  /** Processor time of the server for one request, in microseconds. */
  readonly cpuUs: number
}

/** Load each in turn, round by round, and take the median of each figure. */
async function inTurn(
  generator: Companion<'ready'>,
  loaded: readonly Loaded[],
  rounds: number,
): Promise<readonly Measured[]> {
  const found = loaded.map((): Measured[] => [])
  for (let round = -1; round < rounds; round++) {
    for (const [index, { server, load }] of loaded.entries()) {
      const before = await server.ask<NodeJS.CpuUsage>('cpu')
      const figures = await generator.ask<LoadFigures>(load)
      const after = await server.ask<NodeJS.CpuUsage>('cpu')
      const cpuUs = (after.user + after.system - before.user - before.system) / figures.answers
      if (round >= 0) found[index]?.push({ ...figures, cpuUs })
    }
  }
  return found.map((each) => {
    const median = (name: keyof Measured) => summaryOf(each.map((figures) => figures[name])).median
    return {
      perSecond: median('perSecond'),
      p50Us: median('p50Us'),
      p99Us: median('p99Us'),
      cpuUs: median('cpuUs'),
      yes: median('yes'),
      answers: median('answers'),
    }
  })
}

function print(name: string, connections: number, figures: Measured): void {
  const { perSecond, p50Us, p99Us, cpuUs, yes, answers } = figures
  console.log(
    [
      `  ${name.padEnd(16)} ${String(connections).padStart(2)} connections`,
      `${Math.round(perSecond).toLocaleString('en').padStart(8)}/s`,
      `p50 ${Math.round(p50Us)} µs`,
      `p99 ${Math.round(p99Us)} µs`,
      `${Math.round(cpuUs)} µs of processor each`,
      `${Math.round((100 * yes) / answers)} % yes`,
    ].join('   '),
  )
}
