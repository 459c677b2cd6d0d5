import { setTimeout as pause } from 'node:timers/promises'
import { StoreUnavailable } from '@bailiwick/core'
import { isSerializationFailure } from './postgres-errors.js'

const mostAttempts = 10
/** Before another attempt, so that those who were in each other's way do not meet again; more after each. */
const firstPauseMs = 4
const longestPauseMs = 400

/** Do the work again while the server says of it that another transaction was in the way, and that nothing was done. */
export async function again<Value>(
  isInTheWay: (cause: unknown) => boolean,
  work: () => Promise<Value>,
): Promise<Value> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      const cause = error instanceof StoreUnavailable ? error.cause : error
      if (!isInTheWay(cause) || attempt === mostAttempts) throw error
      if (isSerializationFailure(cause))
        await pause(Math.min(firstPauseMs * 2 ** attempt, longestPauseMs) * Math.random())
    }
  }
}
