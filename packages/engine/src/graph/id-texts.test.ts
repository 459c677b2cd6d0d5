import { describe, expect, test } from 'vitest'
import { type IdSource, IdTexts, inWords } from './id-texts.js'

/** Rows of `a_`, filled up in front, and whatever an entry is called. */
function named(names: string[]): IdSource {
  const prefix = inWords('a_')
  return {
    fixedWords: prefix.length,
    lengthOf: (entry) => (names[entry] ?? '').length,
    write: (entry, into, at) => {
      const name = names[entry] ?? ''
      const words = inWords(name.padEnd((name.length + 3) & ~3))
      into.set(prefix, at)
      into.set(words, at + prefix.length)
      return at + prefix.length + words.length
    },
    width: 2,
    cut: (text, start, length, into) => {
      into.push(text.slice(start + 2, start + 4 + length), text)
    },
  }
}

/** The rows of some entries, and in how many texts they stand. */
function rowsOf(texts: IdTexts, entries: readonly number[]) {
  const found = texts.items(entries, (strings, at) => ({ row: strings[at], text: strings[at + 1] }))
  return { rows: found.map(({ row }) => row), texts: found.map(({ text }) => text) }
}

const lengths = [1, 3, 4, 5, 26, 127, 128]
const names = Array.from({ length: 100 }, (_, entry) =>
  String(entry).padEnd(lengths[entry % lengths.length] as number, 'x'),
)

describe('ids as strings', () => {
  test('read as they were written, alone and many together, the first time and again', () => {
    const texts = new IdTexts(named(names))
    const few = [99, 0, 50]
    const many = names.map((_, entry) => entry)
    for (const entries of [few, many, many.toReversed(), few])
      expect(rowsOf(texts, entries).rows).toEqual(entries.map((entry) => `a_${names[entry]}`))
  })

  test('are kept where some that stand together are asked for, each once, and only there', () => {
    const texts = new IdTexts(named(names))
    expect(new Set(rowsOf(texts, [1, 80]).texts).size, 'made together').toBe(1)
    const [five, seven] = rowsOf(texts, [5, 7]).texts
    const [again, far] = rowsOf(texts, [7, 80]).texts
    expect(again, 'kept').toBe(seven)
    const [six, , five2] = rowsOf(texts, [6, 7, 5, 80]).texts
    expect([five2, six === five], 'what was missing is made').toEqual([five, false])
    expect(rowsOf(texts, [81, 80]).texts, 'what stood alone was not kept').not.toContain(far)
  })

  test('are forgotten when an entry gets another one', () => {
    const mine = [...names]
    const texts = new IdTexts(named(mine))
    const entries = [0, 1, 2, 3, 4, 5, 6, 7]
    rowsOf(texts, entries)
    mine[3] = 'another'
    texts.forget(64)
    expect(rowsOf(texts, entries).rows[3], 'as kept').not.toBe('a_another')
    texts.forget(3)
    expect(rowsOf(texts, entries).rows).toEqual(entries.map((entry) => `a_${mine[entry]}`))
  })

  test('take a bounded room: the oldest go first', () => {
    const rows = 200_000
    let written = 0
    const texts = new IdTexts({
      fixedWords: 32,
      lengthOf: () => 0,
      write: (_, __, at) => {
        written += 1
        return at + 32
      },
      width: 1,
      cut: (text, start, _, into) => {
        into.push(text.slice(start, start + 128))
      },
    })
    const eightFrom = (entry: number) => Array.from({ length: 8 }, (_, n) => entry + n)
    const countWrites = (entry: number) => {
      written = 0
      texts.items(eightFrom(entry), () => undefined)
      return written
    }
    expect([countWrites(0), countWrites(0)]).toEqual([8, 0])
    for (let entry = 8; entry < 4 * rows; entry += 8) countWrites(entry)
    expect(countWrites(4 * rows - 8), 'the newest').toBe(0)
    expect(countWrites(0), 'the oldest').toBe(8)
  })
})
