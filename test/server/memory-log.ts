import { Writable } from 'node:stream'
import { logTo, type ServerOptions } from '@bailiwick/server'

/** A log in memory, line by line. */
export function memoryLog(): {
  readonly lines: readonly string[]
  readonly log: NonNullable<ServerOptions['log']>
} {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(...chunk.toString('utf8').split('\n').slice(0, -1))
      done()
    },
  })
  return { lines, log: logTo(stream, 'info') }
}
