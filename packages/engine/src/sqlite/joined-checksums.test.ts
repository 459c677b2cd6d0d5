import { crc32 } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { JoinedChecksums } from './joined-checksums.js'

const key = crc32('org_acme\nresource\n')

function joined(lines: readonly string[], sums = lines.map((line) => crc32(line, key))): number {
  const all = new JoinedChecksums(key, ',\n')
  for (const [n, line] of lines.entries()) all.add(sums[n] as number, line.length)
  return all.sum
}

describe('the checksums of lines', () => {
  test.each<[string, readonly string[]]>([
    ['one line', ['a']],
    ['lines of all lengths', Array.from({ length: 600 }, (_, length) => 'x'.repeat(length))],
    ['a line that is longer than any table', ['a', 'b'.repeat(100_000), 'c']],
    ['lines alike', ['same', 'same', 'same']],
  ])('are that of the whole, begun with the key: %s', (_what, lines) => {
    expect(joined(lines)).toBe(crc32(lines.join(',\n'), key))
  })

  test('are another one where any line, or the place of one, is another', () => {
    const lines = ['one', 'two', 'three', 'four']
    const sums = lines.map((line) => crc32(line, key))
    const whole = crc32(lines.join(',\n'), key)
    expect(joined(lines, sums)).toBe(whole)
    for (const n of lines.keys()) expect(joined(lines, sums.with(n, (sums[n] as number) ^ 1))).not.toBe(whole)
    expect(joined(['two', 'one', 'three', 'four'])).not.toBe(whole)
    expect(joined(lines.slice(1))).not.toBe(whole)
  })
})
