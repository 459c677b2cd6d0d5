import { isAuthorizationError } from '@bailiwick/core'

/** End with an error. What the reader can mend is a sentence; only a bug of ours is a stack. */
export function fail(error: unknown): void {
  process.exitCode = 1
  console.error(isAuthorizationError(error) ? `bailiwick: ${error.message}` : error)
}
