import { describe, expect, test } from 'vitest'
import { varyBySession } from './vary.js'

describe('Vary', () => {
  test.each([
    [undefined, {}, 'Authorization'],
    ['Accept-Encoding', {}, 'Accept-Encoding, Authorization'],
    ['authorization', {}, 'authorization'],
    [['Origin', 'Accept'], {}, 'Origin, Accept, Authorization'],
    ['*', {}, '*'],
    [undefined, { cookie: 'session' }, 'Authorization, Cookie'],
  ])('%j with %j is %j', (current, options, expected) => {
    expect(varyBySession(current, options)).toBe(expected)
  })
})
