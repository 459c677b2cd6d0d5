import { describe, expect, test } from 'vitest'
import { parseStrictJson } from './strict-json.js'

const parse = (text: string) => parseStrictJson(Buffer.from(text))

describe('a body is read as JSON', () => {
  test.each([
    ['a quotation mark in a key', '{"a\\"b":1,"a":2}'],
    ['a key that ends with a backslash', '{"a\\\\":1,"a":2}'],
    ['a quotation mark after a backslash', '{"a\\\\\\"":1,"a":2}'],
    ['colons and brackets in a string', '{"a":":{[\\":\\"","b":":"}'],
    ['the same key in two objects', '{"a":{"a":1},"b":[{"a":1},{"a":1}]}'],
  ])('with %s', (_, text) => {
    expect(parse(text)).toEqual(JSON.parse(text))
  })

  test.each([
    ['with the same key twice that ends with a backslash', '{"a\\\\":1,"a\\\\":2}', 'same key twice'],
    ['with the same key twice, a colon in the first value', '{"a":":","a":1}', 'same key twice'],
    ['with a string that never ends', '{"a', 'is not JSON'],
    ['with a string that ends with its backslash', '{"a\\"', 'is not JSON'],
    ['nested too deeply', '['.repeat(33) + ']'.repeat(33), 'nested deeper than 32 levels'],
  ])('but not %s', (_, text, why) => {
    expect(() => parse(text)).toThrow(why)
  })
})
