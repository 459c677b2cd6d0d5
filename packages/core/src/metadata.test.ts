import { describe, expect, test } from 'vitest'
import { mergeMetadata, parseMetadata } from './metadata.js'

describe('metadata', () => {
  test('merges: keys that are not named stay, an empty or `null` value takes its key away', () => {
    const before = { tier: 'gold', region: 'eu', note: 'x' }
    expect(mergeMetadata(before, { tier: 'silver', region: '', note: null, since: '2026' })).toEqual({
      tier: 'silver',
      since: '2026',
    })
    expect(before).toEqual({ tier: 'gold', region: 'eu', note: 'x' })
  })

  test('takes any name for a key, also those of Object.prototype', () => {
    const given = JSON.parse('{"__proto__": "a", "constructor": "b"}')
    const merged = mergeMetadata({}, parseMetadata(given))
    expect(Object.entries(merged)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ])
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype)
  })

  test.each([
    ['a key of 40 characters', { ['k'.repeat(40)]: 'v' }, { ['k'.repeat(41)]: 'v' }],
    ['a value of 600 characters', { k: 'v'.repeat(600) }, { k: 'v'.repeat(601) }],
    ['a text', { k: '1' }, { k: 1 }],
    ['no key at all', {}, { '': 'v' }],
    ['an object', {}, ['v']],
    ['well-formed text', { k: '🦊' }, { k: '\ud83e' }],
    ['text without NUL', { k: 'a\u0001\n' }, { k: 'a\0' }],
  ])('may be %s, and no more', (_what, fits, doesNot) => {
    expect(parseMetadata(fits)).toEqual(fits)
    expect(() => parseMetadata(doesNot)).toThrow(expect.objectContaining({ code: 'input_invalid' }))
  })

  test('comes to at most 50 keys, counted after the change', () => {
    const full = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, 'v']))
    expect(Object.keys(mergeMetadata(full, { k0: null, more: 'v' }))).toHaveLength(50)
    expect(() => mergeMetadata(full, { more: 'v' })).toThrow(/at most 50 keys/)
  })
})
