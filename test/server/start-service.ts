import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

// Node 20 runs no TypeScript, so the process runs what `npm test` has built.
const command = fileURLToPath(new URL('../../packages/cli/bin/bailiwick.js', import.meta.url))
const built = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url))

/** So long after SIGTERM a service takes requests, and closes with each answer the connection that it came by. */
export const drainMs = 300

/** Where the command runs, and what it is told by variables. */
export interface Surroundings {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

/** The command, run to its end. */
export async function runCommand(
  args: readonly string[],
  options: Surroundings,
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const child = start(args, options)
  const [code] = await once(child.process, 'close')
  return { code: code as number | null, ...child.said }
}

/** A service in a process of its own. */
export interface RunningService {
  readonly url: string
  /** What it said so far. */
  readonly said: { readonly out: string; readonly err: string }
  readonly kill: (signal: NodeJS.Signals) => void
  readonly exited: Promise<number | null>
}

/** `bailiwick serve` on a free port. @throws {Error} with what it said, when it ends instead. */
export async function startService(args: readonly string[], options: Surroundings): Promise<RunningService> {
  const { process, said } = start(['serve', '--port', '0', ...args], options)
  const exited = once(process, 'close').then(([code]) => code as number | null)
  onTestFinished(async () => {
    process.kill('SIGKILL')
    await exited
  })
  const url = await new Promise<string>((resolve, reject) => {
    process.stderr.on('data', () => {
      const match = /Bailiwick {3}(http:\S+)/.exec(said.err)
      if (match !== null) resolve(match[1] as string)
    })
    exited.then((code) => reject(new Error(`it ended with ${code}: ${said.err}`)))
  })
  return { url, said, exited, kill: (signal) => process.kill(signal) }
}

function start(args: readonly string[], { cwd, env = {} }: Surroundings) {
  if (!existsSync(built)) throw new Error('the tests of the command need what `npm run build` makes')
  const child = spawn(process.execPath, [command, ...args], {
    cwd,
    env: { PATH: process.env.PATH, NODE_ENV: 'development', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text
  })
  return { process: child, said }
}
