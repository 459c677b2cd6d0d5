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
    width: 1,
    cut: (text, start, length, into) => {
      into.push(text.slice(start + 2, start + 4 + length))
    },
  }
}

function rowsOf(texts: IdTexts, entries: readonly number[]) {
  return texts.items(entries, (strings, at) => strings[at])
}

const lengths = [1, 3, 4, 5, 26, 127, 128]
const names = Array.from({ length: 300 }, (_, entry) =>
  String(entry).padEnd(lengths[entry % lengths.length] as number, 'x'),
)

describe('ids as strings', () => {
  test('read as they were written, alone and many together, the first time and again', () => {
    const texts = new IdTexts(named(names))
    const few = [99, 0, 50]
    const many = names.map((_, entry) => entry)
    for (const entries of [few, many, many.toReversed(), few])
      expect(rowsOf(texts, entries)).toEqual(entries.map((entry) => `a_${names[entry]}`))
  })

  test('are kept where some that stand together are asked for, each once, and only there', () => {
    const written: number[] = []
    const source = named(names)
    const write: IdSource['write'] = (entry, into, at) => {
      written.push(entry)
      return source.write(entry, into, at)
    }
    const texts = new IdTexts({ ...source, write })
    const writtenFor = (entries: readonly number[]) => {
      written.length = 0
      rowsOf(texts, entries)
      return [...written]
    }
    expect(writtenFor([5, 7, 200])).toEqual([5, 7, 200])
    expect(writtenFor([5, 6, 7, 8]), 'what is missing').toEqual([6, 8])
    expect(writtenFor([8, 200]), 'what stood alone').toEqual([200])
  })

  test('are forgotten when an entry gets another one', () => {
    const mine = [...names]
    const texts = new IdTexts(named(mine))
    const entries = [0, 1, 2, 3, 4, 5, 6, 7]
    rowsOf(texts, entries)
    mine[3] = 'another'
    texts.forget(128)
    expect(rowsOf(texts, entries)[3], 'as kept').not.toBe('a_another')
    texts.forget(3)
    expect(rowsOf(texts, entries)).toEqual(entries.map((entry) => `a_${mine[entry]}`))
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
