import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { withDeadline } from './deadline.js'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** How a piece of work has ended so far. */
function outcomeOf(work: Promise<unknown>, deadlineMs: number): { is: string } {
  const outcome = { is: 'waiting' }
  withDeadline(work, deadlineMs).then(
    (value) => {
      outcome.is = `value ${value}`
    },
    (error: Error & { code?: string }) => {
      outcome.is = error.code ?? error.message
    },
  )
  return outcome
}

const after = (ms: number) => new Promise<string>((resolve) => setTimeout(() => resolve(`after ${ms}`), ms))

describe('work with a deadline', () => {
  test('ends as it does in time, and as a timeout past it', async () => {
    const [inTime, late, failed] = [
      outcomeOf(after(99), 100),
      outcomeOf(after(102), 100),
      outcomeOf(Promise.reject(new Error('broken')), 100),
    ]
    await vi.advanceTimersByTimeAsync(99)
    expect([inTime.is, late.is, failed.is]).toEqual(['value after 99', 'waiting', 'broken'])
    await vi.advanceTimersByTimeAsync(10)
    expect(late.is).toBe('decision_timeout')
  })

  test('leaves no timer behind', async () => {
    const [done, failed] = [
      outcomeOf(Promise.resolve('done'), 100),
      outcomeOf(Promise.reject(new Error('broken')), 100),
    ]
    await vi.advanceTimersByTimeAsync(0)
    expect([done.is, failed.is, vi.getTimerCount()]).toEqual(['value done', 'broken', 0])
  })
})
