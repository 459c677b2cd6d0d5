import type { LogEntry } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { backwards, firstWhere, forwards, lastPosition } from './log-windows.js'

/** A log of this many commits, and how often it was read. */
function logOf(length: number) {
  const entries = Array.from({ length }, (_, index) => ({ position: index + 1 }) as LogEntry)
  const log = {
    reads: 0,
    log: async ({ after, limit }: { readonly after: number; readonly limit: number }) => {
      log.reads++
      return entries.slice(after, after + limit)
    },
  }
  return log
}

async function positions(windows: AsyncIterable<readonly LogEntry[]>): Promise<readonly number[]> {
  const found: number[] = []
  for await (const window of windows) found.push(...window.map(({ position }) => position))
  return found
}

describe('a log', () => {
  test.each([0, 1, 2, 199, 200, 201, 1_000])('of %i commits has its last position found', async (length) => {
    expect(await lastPosition(logOf(length))).toBe(length)
  })

  test('has the first commit found of which something holds, in few reads', async () => {
    const log = logOf(100_000)
    for (const wanted of [1, 2, 3, 4_096, 4_097, 99_999, 100_000, 100_001]) {
      expect(await firstWhere(log, ({ position }) => position >= wanted)).toBe(wanted)
    }
    expect(log.reads).toBeLessThan(8 * 40)
  })

  test('is read whole from a position on, and back from one', async () => {
    const all = Array.from({ length: 450 }, (_, index) => index + 1)
    expect(await positions(forwards(logOf(450), 1))).toEqual(all)
    expect(await positions(forwards(logOf(450), 201))).toEqual(all.slice(200))
    expect(await positions(backwards(logOf(450), 450))).toEqual(all.toReversed())
    expect(await positions(backwards(logOf(450), 3))).toEqual([3, 2, 1])
    expect(await positions(forwards(logOf(0), 1))).toEqual([])
  })
})
