import { expect, test } from 'vitest'
import { TextNumbers } from './text-numbers.js'

test.each([
  ['that differ in the middle alone', 'team_eu_report_2026', 'team_us_report_2026'],
  ['that differ at the end alone', 'role_01KDVDNA00BXWZN31NXQYX5NJX', 'role_01KDVDNA00BXWZN31NXQYX5NJY'],
  ['of two lengths', 'app', 'apps'],
  ['of eleven and of twelve characters', 'elevenchars', 'twelve_chars'],
  ['of which one is empty', '', 'x'],
])('texts %s stand for their own numbers, in turns too', (_what, one, other) => {
  const asked: string[] = []
  const numbers = new TextNumbers((text) => {
    asked.push(text)
    return text === one ? 1 : 2
  })
  const numberOf = (text: string) => {
    const bytes = Buffer.from(`"${text}"`)
    return numbers.of(bytes, 1, bytes.length - 1)
  }
  expect([one, other, one, one, other, other].map(numberOf)).toEqual([1, 2, 1, 1, 2, 2])
  expect(new Set(asked)).toEqual(new Set([one, other]))
})

test('a text is made once, however often it comes', () => {
  const asked: string[] = []
  const numbers = new TextNumbers((text) => asked.push(text))
  const bytes = Buffer.from('project workspace project')
  for (let n = 0; n < 3; n++)
    expect([numbers.of(bytes, 0, 7), numbers.of(bytes, 8, 17), numbers.of(bytes, 18, 25)]).toEqual([1, 2, 1])
  expect(asked).toEqual(['project', 'workspace'])
})
