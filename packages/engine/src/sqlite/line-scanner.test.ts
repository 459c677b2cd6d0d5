import { describe, expect, test } from 'vitest'
import { ascii, LineScanner } from './line-scanner.js'

const prefix = ',{"kind":"group","id":"'

describe('a scanner of lines', () => {
  test('passes what it expects, wherever that begins', () => {
    for (let before = 0; before < 5; before++) {
      const line = new LineScanner(Buffer.from(`${'-'.repeat(before)}${prefix}group_1"`).subarray(before))
      expect(line.passes(ascii(prefix))).toBe(true)
      expect(line.at).toBe(prefix.length)
    }
  })

  test('does not pass what differs by one character, or ends before it, and stays where it is', () => {
    for (let n = 0; n < prefix.length; n++) {
      const other = `${prefix.slice(0, n)}~${prefix.slice(n + 1)}`
      for (const text of [`${other}group_1`, prefix.slice(0, n)]) {
        const line = new LineScanner(Buffer.from(text))
        expect(line.passes(ascii(prefix)), text).toBe(false)
        expect(line.at).toBe(0)
      }
    }
  })

  test.each([
    ['an id', 'om_1"', 4],
    ['nothing', '"', 0],
    ['128 characters', `${'x'.repeat(128)}"`, 128],
  ])('passes a text with its quote: %s', (_what, text, to) => {
    const line = new LineScanner(Buffer.from(`${text},`))
    expect(line.passesText()).toBe(true)
    expect([line.from, line.to, line.at]).toEqual([0, to, to + 1])
  })

  test.each([
    ['has 129 characters', `${'x'.repeat(129)}"`],
    ['has an escape', 'a\\"b"'],
    ['is not ASCII', 'ä"'],
    ['does not end', 'om_1'],
  ])('does not pass a text that %s', (_what, text) => {
    expect(new LineScanner(Buffer.from(text)).passesText()).toBe(false)
  })
})
