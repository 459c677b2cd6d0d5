import { describe, expect, test } from 'vitest'
import { RetryBudget } from './retry-budget.js'

describe('the budget for sending again', () => {
  function repeated(budget: RetryBudget, requests: number): number {
    let count = 0
    for (let request = 0; request < requests; request++) {
      budget.earn()
      if (budget.spend()) count++
    }
    return count
  }

  test('lends the first', () => {
    expect(repeated(new RetryBudget(), 1)).toBe(1)
  })

  test.each([10, 20, 200, 2_000])('allows at most a tenth of %i requests that all fail', (requests) => {
    const count = repeated(new RetryBudget(), requests)
    expect(count).toBeLessThanOrEqual(requests / 10)
    expect(count).toBeGreaterThan(0)
  })

  test('saves up no storm in quiet times', () => {
    const budget = new RetryBudget()
    for (let request = 0; request < 10_000; request++) budget.earn()
    expect(repeated(budget, 5)).toBeLessThan(5)
  })
})
