import { expect, test } from 'vitest'
import { retryDelay } from './retry-delay.js'

test('each try waits longer than the one before, and the tenth is the last', () => {
  const delays = Array.from({ length: 10 }, (_, n) => retryDelay(n + 1, 1))
  expect(delays.slice(0, 4)).toEqual([10_000, 30_000, 90_000, 270_000])
  expect(delays.slice(7)).toEqual([14_400_000, 14_400_000, undefined])
  const hours = delays.reduce<number>((sum, delay) => sum + (delay ?? 0), 0) / 3_600_000
  expect(hours).toBeGreaterThan(8)
  expect(hours).toBeLessThan(24)
})

test('those who failed together come back at different times, none before half of it', () => {
  expect([0, 0.5, 1].map((random) => retryDelay(1, random))).toEqual([5_000, 7_500, 10_000])
})
