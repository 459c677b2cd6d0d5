import { describe, expect, test } from 'vitest'
import { varyBySession } from './vary.js'

describe('Vary', () => {
  test.each([
    [undefined, { cookies: false }, 'Authorization'],
    ['Accept-Encoding', { cookies: false }, 'Accept-Encoding, Authorization'],
    ['authorization', { cookies: false }, 'authorization'],
    [['Origin', 'Accept'], { cookies: false }, 'Origin, Accept, Authorization'],
    ['*', { cookies: false }, '*'],
    [undefined, { cookies: true }, 'Authorization, Cookie'],
  ])('%j with %j is %j', (current, from, expected) => {
    expect(varyBySession(current, from)).toBe(expected)
  })
})
