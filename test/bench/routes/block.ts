import type { Load, LoadFigures } from '../http/load-generator.js'
import { type Companion, startCompanion } from '../http/processes.js'
import type { RouteServer } from './route-server.js'
import { projects } from './world.js'

/** One application of a platform, and the paths that are asked of it; `*` is each of the projects in turn. */
export interface Way {
  readonly name: string
  readonly paths: readonly string[]
}

/** What one process took. */
export interface Taken {
  readonly way: string
  readonly path: string
  readonly perSecond: number
  /** Processor time of the server for one request, that of all its threads, in microseconds. */
  readonly cpuUs: number
}

/** How many connections wait for an answer at any time, so that the server always has something to do. */
export const connections = 32

/**
 * Before the first path is measured, and before each later one. Express goes on being compiled for a second: of each
 * request it makes shapes that no other has, and of the first 10 000 requests each thousand is the faster for it.
 */
const warmUpMs = { first: 1_300, later: 400 }

/**
 * How long each path is measured, in short turns. On Express old space is collected every 8 000 requests or so, which
 * is a tenth of all that they take, and until then each request takes longer than the one before, by a quarter: what is
 * measured is the mean of more than one such time, and no median of short ones.
 */
const turns = { count: 10, ms: 100 }

/** Start one process of each way, warm them, and load them in turns, back and forth; then end them. */
export async function measureBlock(
  generator: Companion<'ready'>,
  platform: string,
  ways: readonly Way[],
): Promise<readonly Taken[]> {
  const started = ways.map(({ name }) =>
    startCompanion<RouteServer>('../routes/route-server.js', [platform, name]),
  )
  try {
    const servers = await Promise.all(started)
    const taken: Taken[] = []
    for (const path of new Set(ways.flatMap(({ paths }) => paths))) {
      const asked = ways.flatMap(({ name, paths }, at) =>
        paths.includes(path)
          ? [new Measured(name, path, servers[at] as Companion<RouteServer>, generator)]
          : [],
      )
      const isFirst = taken.length === 0
      for (const each of asked) await each.load(isFirst ? warmUpMs.first : warmUpMs.later)
      for (const each of asked) each.forget()
      for (let turn = 0; turn < turns.count; turn++)
        for (const each of turn % 2 === 0 ? asked : [...asked].reverse()) await each.load(turns.ms)
      taken.push(...asked.map((each) => each.taken))
    }
    return taken
  } finally {
    for (const server of await Promise.allSettled(started))
      if (server.status === 'fulfilled') await server.value.end()
  }
}

/** One process under load, and what that took so far. */
class Measured {
  private cpuUs = 0
  private answers = 0
  private seconds = 0

  constructor(
    private readonly way: string,
    private readonly path: string,
    private readonly server: Companion<RouteServer>,
    private readonly generator: Companion<'ready'>,
  ) {}

  async load(ms: number): Promise<void> {
    const { port, token } = this.server.ready
    // The same request for all of them, token and path, since to read it is no part of guarding.
    const paths = this.path.endsWith('*') ? projects.map((id) => this.path.replace('*', id)) : [this.path]
    const requests = paths.map(
      (path) => `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${token}\r\n\r\n`,
    )
    const load: Load = { port, connections, ms, requests, staysAwake: true }
    const before = await this.server.ask<NodeJS.CpuUsage>('cpu')
    const { perSecond, answers } = await this.generator.ask<LoadFigures>(load)
    const after = await this.server.ask<NodeJS.CpuUsage>('cpu')
    this.cpuUs += after.user + after.system - before.user - before.system
    this.answers += answers
    this.seconds += answers / perSecond
  }

  forget(): void {
    this.cpuUs = 0
    this.answers = 0
    this.seconds = 0
  }

  get taken(): Taken {
    const { way, path, answers } = this
    return { way, path, perSecond: answers / this.seconds, cpuUs: this.cpuUs / answers }
  }
}
