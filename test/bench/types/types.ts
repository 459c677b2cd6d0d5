import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { atMost, type Findings } from '../goals.js'
import { summaryOf } from '../passes.js'
import type { Effort } from '../sections/section.js'
import { applicationSource, type Registered } from './application-source.js'

const run = promisify(execFile)

const ways: readonly Registered[] = ['unregistered', 'registered']

/** What the compiler takes for an application with 500 permissions that it knows, and for the same that it does not. */
export async function benchTypes({ rounds }: Effort): Promise<Findings> {
  // Beside this file, where the packages are found.
  const folder = await mkdtemp(fileURLToPath(new URL('./application-', import.meta.url)))
  try {
    const projects = new Map<Registered, string>()
    for (const way of ways) projects.set(way, await writeProject(join(folder, way), way))
    const times = new Map<Registered, CompileTimes[]>(ways.map((way) => [way, []]))
    for (let round = -1; round < rounds; round++) {
      for (const way of ways) {
        const taken = await compile(projects.get(way) as string)
        if (round >= 0) times.get(way)?.push(taken)
      }
    }
    return reportTimes(times)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function writeProject(folder: string, way: Registered): Promise<string> {
  await mkdir(folder)
  for (const [name, text] of Object.entries(applicationSource(way))) await writeFile(join(folder, name), text)
  const compilerOptions = {
    strict: true,
    noEmit: true,
    module: 'nodenext',
    target: 'es2022',
    types: ['node'],
    experimentalDecorators: true,
    skipLibCheck: true,
  }
  const project = join(folder, 'tsconfig.json')
  await writeFile(project, JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  return project
}

/** In milliseconds. */
interface CompileTimes {
  readonly check: number
  readonly total: number
}

/** @throws {Error} with what the compiler says when it finds a mistake. */
async function compile(project: string): Promise<CompileTimes> {
  const typescript = createRequire(import.meta.url).resolve('typescript/package.json')
  const tsc = join(dirname(typescript), 'bin', 'tsc')
  // On one thread: how many are free is not what is asked.
  const { stdout } = await run(process.execPath, [
    tsc,
    '-p',
    project,
    '--extendedDiagnostics',
    '--singleThreaded',
  ])
  const time = (name: string) => Number(new RegExp(`^${name}:\\s+([\\d.]+)s$`, 'm').exec(stdout)?.[1]) * 1_000
  return { check: time('Check time'), total: time('Total time') }
}

function reportTimes(times: ReadonlyMap<Registered, readonly CompileTimes[]>): Findings {
  console.log('\ntypes: an application with 500 permissions on 1 000 routes, by `tsc`, best and median')
  for (const [way, taken] of times) {
    for (const name of ['check', 'total'] as const) {
      const { low, median } = summaryOf(taken.map((each) => each[name]))
      const shown = `${way === 'registered' ? 'model registered' : 'any string'}, ${name} time`
      console.log(
        `  ${shown.padEnd(46)} ${low.toFixed(0).padStart(8)} ms ${median.toFixed(0).padStart(8)} ms`,
      )
    }
  }
  const best = (way: Registered) => summaryOf((times.get(way) ?? []).map(({ total }) => total)).low
  const share = best('registered') / best('unregistered')
  return {
    figures: {},
    goals: [atMost(1.1, share, 'compiling with 500 permissions registered', '× any string')],
  }
}
