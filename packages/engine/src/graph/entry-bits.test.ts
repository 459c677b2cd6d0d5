import { describe, expect, test } from 'vitest'
import { EntryBits } from './entry-bits.js'

describe('a set of entries', () => {
  test('holds what was added to it or to a set that was added, and nothing else', () => {
    const set = new EntryBits(100)
    set.add(31)
    const other = new EntryBits(64)
    for (const entry of [0, 32, 63]) other.add(entry)
    set.addAll(other)
    const held = Array.from({ length: 100 }, (_, entry) => entry).filter((entry) => set.has(entry))
    expect(held).toEqual([0, 31, 32, 63])
    expect([set.bit(31), set.bit(30)]).toEqual([1, 0])
    for (const bit of [0, 1, 0]) set.addBit(30, bit)
    set.addBit(29, 0)
    expect([set.bit(31), set.bit(30), set.bit(29)]).toEqual([1, 1, 0])
  })

  test('is empty once it was cleared, for more entries or for fewer', () => {
    const set = new EntryBits(1_000)
    for (const bound of [40, 10_000, 10, 10_000]) {
      set.clear(bound)
      expect(Array.from({ length: bound }, (_, entry) => entry).some((entry) => set.has(entry))).toBe(false)
      for (let entry = 0; entry < bound; entry++) set.add(entry)
    }
  })
})
