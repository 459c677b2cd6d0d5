import { expect, test } from 'vitest'
import { Marks } from './marks.js'

test('a mark is gone with its round, also when the rounds are counted from the beginning again', () => {
  const marks = new Marks()
  marks.begin()
  marks.add(3, 1)
  marks.add(3, 1 << 15)
  expect(marks.of(3)).toBe(1 | (1 << 15))
  expect(marks.of(4)).toBe(0)
  for (let round = 0; round < 2 ** 17; round++) {
    marks.begin()
    if (marks.of(3) !== 0) expect.unreachable(`marked in round ${round}`)
  }
  marks.add(3, 2)
  expect(marks.of(3)).toBe(2)
})
