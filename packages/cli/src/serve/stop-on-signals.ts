import { fail } from '../fail.js'
import type { Running } from './serve.js'

/** The first signal stops gently, the second at once. */
export function stopOnSignals(running: Running): void {
  let stopping = false
  const stop = () => {
    if (stopping) process.exit(1)
    stopping = true
    running.stop().then(
      () => process.exit(0),
      (error) => {
        fail(error)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop).on('SIGINT', stop)
}
