import { describe, expect, test } from 'vitest'
import { Slots } from './slots.js'
import { finish } from './wanted-text.js'
import { Words } from './words.js'

/** Every entry that may have a hash. */
function candidates(slots: Slots, hash: number): number[] {
  const entries: number[] = []
  for (let place = hash; ; place++) {
    const entry = slots.entryAt(place, hash)
    if (entry === -1) return entries
    if (entry >= 0) entries.push(entry)
  }
}

describe('slots', () => {
  test('find every entry while they grow, and hardly another one', () => {
    const slots = new Slots(new Words())
    let met = 0
    for (let entry = 0; entry < 5_000; entry++) slots.add(entry, finish)
    for (let entry = 0; entry < 5_000; entry++) {
      expect(candidates(slots, finish(entry))).toContain(entry)
      met += candidates(slots, finish(entry)).length
    }
    expect(met).toBeLessThan(5_010)
  })

  test('keep entries of one hash apart', () => {
    const slots = new Slots(new Words())
    for (const entry of [3, 4, 5]) slots.add(entry, () => 42)
    slots.remove(4, 42)
    expect(candidates(slots, 42).sort()).toEqual([3, 5])
  })

  test('forget what is removed, find what lies behind it, and take numbers again', () => {
    const slots = new Slots(new Words())
    for (let entry = 0; entry < 1_000; entry++) slots.add(entry, finish)
    for (let entry = 0; entry < 1_000; entry += 2) slots.remove(entry, finish(entry))
    for (let entry = 0; entry < 1_000; entry++)
      expect(candidates(slots, finish(entry)).includes(entry)).toBe(entry % 2 === 1)
    for (let entry = 0; entry < 1_000; entry += 2) slots.add(entry, finish)
    for (let entry = 0; entry < 1_000; entry++) expect(candidates(slots, finish(entry))).toContain(entry)
  })

  test('hold a high entry among few', () => {
    const slots = new Slots(new Words())
    slots.add(1_000_000, finish)
    slots.add(1, finish)
    expect(candidates(slots, finish(1_000_000))).toEqual([1_000_000])
    expect(candidates(slots, finish(1))).toEqual([1])
  })
})
