import { monotonicFactory } from 'ulid'
import { describe, expect, test } from 'vitest'
import { compareUlids, formatUlid, parsed, parseUlid } from './packed-ulid.js'

describe('a packed ULID', () => {
  test('reads as it was written', () => {
    const next = monotonicFactory()
    for (const text of ['0'.repeat(26), `7${'Z'.repeat(25)}`, ...Array.from({ length: 500 }, () => next())]) {
      expect(parseUlid(`om_${text}`, 3)).toBe(true)
      expect(formatUlid(parsed, 0)).toBe(text)
    }
  })

  test('sorts as its characters do', () => {
    const next = monotonicFactory()
    const texts = Array.from({ length: 200 }, (_, index) => next(index * 7_919))
    const words = new Uint32Array(texts.length * 4)
    for (const [index, text] of texts.entries()) {
      parseUlid(text, 0)
      words.set(parsed, index * 4)
    }
    for (let i = 1; i < texts.length; i++) {
      expect(Math.sign(compareUlids(words, (i - 1) * 4, i * 4))).toBe(texts[i - 1]! < texts[i]! ? -1 : 1)
    }
  })

  test.each([
    ['25 characters', '0'.repeat(25)],
    ['27 characters', '0'.repeat(27)],
    ['a first character above 7', `8${'0'.repeat(25)}`],
    ['a letter that Crockford left out', `${'0'.repeat(25)}U`],
    ['lower case', `${'0'.repeat(25)}a`],
    ['a character beyond ASCII', `${'0'.repeat(25)}\u0130`],
  ])('%s is none', (_, text) => {
    expect(parseUlid(text, 0)).toBe(false)
  })
})
