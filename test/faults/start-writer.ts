import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

// Node 20 runs no TypeScript, so the process runs what `npm test` has built.
const script = fileURLToPath(new URL('../dist/faults/writer.js', import.meta.url))

/** A running writer: the lines it says, and the way to end it without warning. */
export function startWriter(mode: string, path: string, shell = 'exec "$@"') {
  if (!existsSync(script)) throw new Error('the tests of faults need what `npm run build` makes')
  const child = spawn('sh', ['-c', shell, 'sh', process.execPath, script, mode, path], {
    stdio: ['ignore', 'pipe', mode === 'throw' ? 'ignore' : 'inherit'],
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  onTestFinished(kill)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    kill,
    /** With which code it ended by itself; `null` where it was a signal. */
    ended,
    /** The next line, or `undefined` at the end. */
    next: async (): Promise<string | undefined> => {
      const line = await lines.next()
      return line.done === true ? undefined : line.value
    },
    /** The lines up to the one wanted, which must come. */
    until: async (wanted: string): Promise<void> => {
      for (;;) {
        const line = await lines.next()
        if (line.done === true) throw new Error(`the writer ended before it said \`${wanted}\``)
        if (line.value === wanted) return
      }
    },
    /** Every line that is left. */
    rest: async (): Promise<readonly string[]> => {
      const rest: string[] = []
      for (let line = await lines.next(); line.done !== true; line = await lines.next()) rest.push(line.value)
      return rest
    },
  }
}
