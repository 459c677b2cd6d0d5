import { expect, test } from 'vitest'
import { timestamps } from './timestamps.js'

test('a time is written as JavaScript writes it, forwards and backwards', () => {
  const times = [
    0, 1, 9, 10, 99, 100, 999, 1_000, 1_001, 61_000, 59_999, 1_767_225_600_000, 1_767_225_599_999, 0.7, -1,
    -0.5, -1_000, -1_001, 253_402_300_800_000,
  ]
  let time = 0
  const now = timestamps(() => time)
  for (time of times) expect(now()).toBe(new Date(time).toISOString())
})

test('a clock that tells no time is an error, also after one that did', () => {
  let time = 1_000
  const now = timestamps(() => time)
  now()
  time = Number.NaN
  expect(now).toThrow(RangeError)
  expect(now).toThrow(RangeError)
})
