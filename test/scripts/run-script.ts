import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** A compiled script that runs in a process of its own. */
export interface RunningScript {
  /** What it has said so far. */
  readonly said: { out: string; err: string }
  readonly exited: Promise<number | null>
  /** Resolves with the first match in its output, or in what it says beside that. @throws {Error} when it ends without having said so. */
  says(pattern: RegExp): Promise<RegExpExecArray>
  /** Press Ctrl-C. */
  stop(): Promise<void>
}

/** Run a script with Node. */
export function runScript(
  script: string,
  {
    cwd,
    args = [],
    env = {},
  }: {
    readonly cwd: string
    readonly args?: readonly string[]
    readonly env?: Readonly<Record<string, string>>
  },
): RunningScript {
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env: { ...process.env, NODE_ENV: 'development', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text
  })
  const exited = once(child, 'close').then(([code]) => code as number | null)
  return {
    said,
    exited,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(said.out) ?? pattern.exec(said.err)
          if (match !== null) resolve(match)
        }
        child.stdout.on('data', look)
        child.stderr.on('data', look)
        look()
        exited.then((code) => reject(new Error(`it ended with ${code}: ${said.err}`)))
      }),
    stop: async () => {
      child.kill('SIGINT')
      await exited
    },
  }
}
