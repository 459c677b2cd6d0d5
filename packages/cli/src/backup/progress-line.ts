import type { Progress } from '@bailiwick/engine/backup'

/** Says on stderr how far something has come: on a terminal in one line, elsewhere only how it ended. */
export function progressLine(what: string): {
  readonly say: (progress: Progress) => void
  readonly end: (sentence: string) => void
} {
  const isTerminal = process.stderr.isTTY === true
  let saidAt = 0
  return {
    say: ({ commits, of }) => {
      if (!isTerminal || performance.now() - saidAt < 100) return
      saidAt = performance.now()
      process.stderr.write(`\r${commits} of ${of} ${what}\u001b[K`)
    },
    end: (sentence) => process.stderr.write(`${isTerminal ? '\r\u001b[K' : ''}${sentence}\n`),
  }
}
