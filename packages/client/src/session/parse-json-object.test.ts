import { SessionInvalid } from '@bailiwick/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJsonObject } from './parse-json-object.js'

const parse = (json: string | Uint8Array) => parseJsonObject(Buffer.from(json as string), 'payload')

// `fc.jsonValue` never repeats a name, because it prints objects.
const object = fc.dictionary(
  fc.string().filter((name) => name !== '__proto__'),
  fc.jsonValue().filter((value) => !JSON.stringify(value).includes('"__proto__"')),
)

describe('the JSON of a token', () => {
  test('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(object, fc.constantFrom(0, 1, '\t'), (value, space) => {
        const json = JSON.stringify(value, null, space)
        expect(parse(json)).toEqual(JSON.parse(json))
      }),
    )
  })

  test('is refused when an object in it, at any depth, has two members of one name', () => {
    fc.assert(
      fc.property(
        object,
        fc.string(),
        fc.array(fc.constantFrom('object', 'array')),
        (value, name, around) => {
          fc.pre(name !== '__proto__' && !(name in value))
          const member = JSON.stringify(name)
          const twice = `{${member}:1,${JSON.stringify(value).slice(1, -1)}${Object.keys(value).length ? ',' : ''}${member}:2}`
          const nested = around.reduce(
            (json, kind) => (kind === 'array' ? `[0,${json}]` : `{"in":${json}}`),
            twice,
          )
          expect(() => parse(`{"deep":${nested}}`)).toThrow(/two members/)
        },
      ),
    )
  })

  test.each([
    ['the same name spelled with an escape', '{"permissions":[],"permission\\u0073":["a"]}'],
    ['a name with a quote in it, twice', '{"a\\"b":1,"a\\"b":2}'],
    ['a name that ends in a backslash, twice', '{"a\\\\":1,"a\\\\":2}'],
    ['a member `__proto__`', '{"__proto__":{"permissions":["a"]}}'],
    ['a member `__proto__` further in', '{"a":[{"__pr\\u006fto__":1}]}'],
    ['an array', '[1]'],
    ['null', 'null'],
    ['a string', '"{}"'],
    ['nothing', ''],
    ['two values', '{}{}'],
    ['a byte order mark', '\ufeff{}'],
    ['a trailing comma', '{"a":1,}'],
  ])('is refused with %s', (_, json) => {
    expect(() => parse(json)).toThrow(SessionInvalid)
  })

  test('is refused when its bytes are not UTF-8', () => {
    expect(() => parse(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toThrow('not JSON')
  })

  test.each([
    '{"a":{"x":1},"b":{"x":1}}',
    '{"a":["x","x"],"x":"a"}',
    '{"a":["x","__proto__"]}',
    '{"a":"b","b":"a, \\"a\\": 1"}',
  ])('may say the same word in different places: %s', (json) => {
    expect(parse(json)).toEqual(JSON.parse(json))
  })
})
