import { describe, expect, test } from 'vitest'
import { type IdSource, IdTexts, inWords } from './id-texts.js'

/** Rows of `a_`, filled up in front, and whatever an entry is called. */
function named(names: string[]): IdSource {
  const prefix = inWords('a_')
  return {
    fixedWords: prefix.length,
    bound: () => names.length,
    lengthOf: (entry) => (names[entry] ?? '').length,
    write: (entry, into, at) => {
      const name = names[entry] ?? ''
      const words = inWords(name.padEnd((name.length + 3) & ~3))
      into.set(prefix, at)
      into.set(words, at + prefix.length)
      return at + prefix.length + words.length
    },
  }
}

/** The rows of some entries, and in how many texts they stand. */
function rowsOf(texts: IdTexts, entries: readonly number[]) {
  const found = texts.items(entries, (text, start, length) => ({
    text,
    row: text.slice(start + 2, start + 4 + length),
  }))
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

  test('are kept where many that follow each other are asked for, and only there', () => {
    const texts = new IdTexts(named(names))
    const eight = [0, 1, 2, 3, 4, 5, 6, 7]
    expect(new Set(rowsOf(texts, [1, 40, 80]).texts).size, 'made together').toBe(1)
    expect(rowsOf(texts, eight).texts[0]?.length, 'the whole piece').toBeGreaterThan(32 * 128)
    const [near, far] = rowsOf(texts, [20, 40]).texts
    expect(near).toBe(rowsOf(texts, eight).texts[0])
    expect(far).not.toBe(near)
  })

  test('are forgotten when an entry gets another one', () => {
    const mine = [...names]
    const texts = new IdTexts(named(mine))
    const entries = [0, 1, 2, 3, 4, 5, 6, 7]
    rowsOf(texts, entries)
    mine[3] = 'another'
    texts.forget(40)
    expect(rowsOf(texts, entries).rows[3], 'as kept').not.toBe('a_another')
    texts.forget(3)
    expect(rowsOf(texts, entries).rows).toEqual(entries.map((entry) => `a_${mine[entry]}`))
  })

  test('take a bounded room: the oldest go first', () => {
    const rows = 200_000
    let written = 0
    const write: IdSource['write'] = (_, __, at) => {
      written += 1
      return at + 32
    }
    const texts = new IdTexts({ fixedWords: 0, bound: () => rows, lengthOf: () => 128, write })
    const eightFrom = (entry: number) => Array.from({ length: 8 }, (_, n) => entry + n)
    const countWrites = (entry: number) => {
      written = 0
      texts.items(eightFrom(entry), () => undefined)
      return written
    }
    expect([countWrites(0), countWrites(0)]).toEqual([32, 0])
    for (let entry = 32; entry < rows; entry += 32) countWrites(entry)
    expect(countWrites(rows - 32), 'the newest').toBe(0)
    expect(countWrites(0), 'the oldest').toBe(32)
  })
})
