import { describe, expect, test } from 'vitest'
import { ByteArena } from './byte-arena.js'
import { absent, WantedText } from './wanted-text.js'
import { Words } from './words.js'

const wanted = new WantedText()

/** Whether an arena that holds `held` takes `asked` for it. */
function isTaken(held: string, asked: string): boolean {
  const arena = new ByteArena(new Words())
  arena.add('before')
  const offset = arena.add(held)
  arena.add('after')
  const hash = wanted.read(asked, 0, 7)
  const alike = hash !== absent && arena.isWanted(wanted, offset, held.length)
  if (alike) expect(arena.hashAt(offset, held.length, 7)).toBe(hash)
  return alike
}

describe('an arena of strings', () => {
  test.each(['a', 'abcd', 'abcde', 'app_01J9ZQ3V5K7M2N4P6R8S0T1V2W', ' ~', 'x'.repeat(128)])(
    'finds %j, and nothing that differs in one character',
    (text) => {
      expect(isTaken(text, text)).toBe(true)
      expect(isTaken(text, `${text.slice(0, -1)}#`)).toBe(false)
      expect(isTaken(text, `#${text.slice(1)}`)).toBe(text === '#')
      expect(isTaken(text, text.slice(0, -1))).toBe(false)
      expect(isTaken(text, `${text}\0`)).toBe(false)
    },
  )

  test('never takes a character of two bytes for two of one', () => {
    // A word of four characters reads the same when the second byte of one falls upon the next.
    expect(isTaken('aqbc', 'aqbc')).toBe(true)
    expect(isTaken('aqbc', `${String.fromCharCode(0x61 | (0x71 << 8))}\0bc`)).toBe(false)
    expect(isTaken('aq', String.fromCharCode(0x61 | (0x71 << 8)))).toBe(false)
  })

  test('holds nothing longer than any id may be, and nothing but ASCII', () => {
    expect(wanted.read('x'.repeat(129), 0, 0)).toBe(absent)
    expect(wanted.read('é', 0, 0)).toBe(absent)
    expect(() => new ByteArena(new Words()).add('é')).toThrow('not ASCII')
  })

  test('reads a string from a position on', () => {
    const arena = new ByteArena(new Words())
    const offset = arena.add('om_01J9', 3)
    expect(arena.read(offset, 4)).toBe('01J9')
    expect(wanted.read('om_01J9', 3, 0)).toBe(wanted.read('01J9', 0, 0))
    expect(arena.isWanted(wanted, offset, 4)).toBe(true)
  })

  test('the same string of another kind is under another hash', () => {
    expect(wanted.read('web', 0, 1)).not.toBe(wanted.read('web', 0, 2))
  })

  test('orders strings by their bytes, the shorter first', () => {
    const texts = ['', 'a', 'ab', 'abcd', 'abcde', 'abce', 'b', 'bacd', 'zzzzzzzzz', 'zzzzzzzzza', '~']
    const arena = new ByteArena(new Words())
    const offsets = texts.map((text) => arena.add(text))
    for (const [one, first] of texts.entries()) {
      for (const [other, second] of texts.entries()) {
        const order = Math.sign(one - other)
        const [a, b] = [offsets[one], offsets[other]] as [number, number]
        expect(Math.sign(arena.compare(a, first.length, b, second.length))).toBe(order)
        expect(Math.sign(arena.compareTo(a, first.length, second))).toBe(order)
      }
    }
  })
})
