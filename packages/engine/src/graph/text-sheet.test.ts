import { describe, expect, test } from 'vitest'
import { formatUlid, parsed, parseUlid } from './packed-ulid.js'
import { TextSheet, textPrefix } from './text-sheet.js'

const ulid = '01KDVDNA06J3CDFT3HYJEH96CG'

/** A text as an arena holds it: in whole words. */
function inWords(text: string): Int32Array {
  const bytes = Buffer.alloc((text.length + 3) & ~3)
  bytes.write(text, 'latin1')
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
}

describe('a sheet of texts', () => {
  test.each(['', 'a_', 'om_', 'user', 'authz_resource_', 'sixteen_letters_'])(
    'holds what was added after `%s`, of any length',
    (prefix) => {
      const texts = [0, 1, 3, 4, 5, 26, 127, 128].map((length) => 'abcdefg'.repeat(19).slice(0, length))
      const sheet = new TextSheet()
      sheet.begin(texts.length + 1)
      for (const text of texts) sheet.add(textPrefix(prefix), inWords(text), 0, text.length)
      parseUlid(ulid, 0)
      sheet.addUlid(textPrefix(prefix), parsed, 0)
      sheet.finish()
      for (const [n, text] of [...texts, ulid].entries()) expect(sheet.text(n)).toBe(prefix + text)
    },
  )

  test('grows, and begins again', () => {
    const sheet = new TextSheet()
    for (const count of [3, 5_000, 2]) {
      sheet.begin(count)
      for (let n = 0; n < count; n++) sheet.add(textPrefix('om_'), inWords(String(n)), 0, String(n).length)
      sheet.finish()
      for (const n of [0, count - 1]) expect(sheet.text(n)).toBe(`om_${n}`)
    }
  })

  test('writes a ULID as it is written alone', () => {
    const words = Uint32Array.of(0xffffffff, 0x80000000, 0x7fffffff, 1)
    const sheet = new TextSheet()
    sheet.begin(1)
    sheet.addUlid(textPrefix(''), words, 0)
    sheet.finish()
    expect(sheet.text(0)).toBe(formatUlid(words, 0))
    expect(parseUlid(sheet.text(0), 0)).toBe(true)
    expect([...parsed]).toEqual([...words])
  })
})
