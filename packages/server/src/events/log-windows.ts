import type { LogEntry, ServiceEngine } from '@bailiwick/core'

type Log = Pick<ServiceEngine, 'log'>

const windowSize = 200

/** The log from a position on, that one included, in pieces. */
export async function* forwards(log: Log, from: number): AsyncGenerator<readonly LogEntry[]> {
  for (let after = Math.max(0, from - 1); ; ) {
    const entries = await log.log({ after, limit: windowSize })
    const last = entries.at(-1)
    if (last === undefined) return
    yield entries
    after = last.position
  }
}

/** The log from a position back to its beginning, that one included, latest first, in pieces. */
export async function* backwards(log: Log, from: number): AsyncGenerator<readonly LogEntry[]> {
  for (let end = from; end > 0; end -= windowSize) {
    const after = Math.max(0, end - windowSize)
    yield (await log.log({ after, limit: end - after })).toReversed()
  }
}

/** The last position of the log; 0 while it is empty. */
export async function lastPosition(log: Log): Promise<number> {
  return (await firstWhere(log, () => false)) - 1
}

/**
 * The first position from which on it holds; one past the last where it holds for none. Positions have no gaps, and
 * commits lie in the order of time, so this takes a few reads and not the whole log.
 */
export async function firstWhere(log: Log, holds: (entry: LogEntry) => boolean): Promise<number> {
  const isReached = async (position: number) => {
    const [entry] = await log.log({ after: position - 1, limit: 1 })
    return entry === undefined || holds(entry)
  }
  let high = 1
  while (!(await isReached(high))) high *= 2
  let low = Math.floor(high / 2) + 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (await isReached(middle)) high = middle
    else low = middle + 1
  }
  return low
}
