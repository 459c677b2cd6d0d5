import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OrderedEntries } from '../graph/ordered-ids.js'
import { Nearest } from './nearest.js'
import type { IdOrder } from './window.js'

/** Entries whose ids are their numbers. */
const byNumber: IdOrder = {
  compare: (one, other) => one - other,
  against: (id) => (entry) => entry - Number(id),
}

const numbers = fc.uniqueArray(fc.nat(200), { minLength: 60, maxLength: 120 })
const place = fc.record({ id: fc.nat(200).map(String), side: fc.constantFrom('before', 'past') })
const direction = fc.constantFrom('forward', 'backward')
/** Who goes backward comes from somewhere. */
const window = fc.oneof(
  fc.record({ limit: fc.integer({ min: 1, max: 6 }), direction, from: place }),
  fc.record({
    limit: fc.integer({ min: 1, max: 6 }),
    direction: fc.constant('forward'),
    from: fc.constant(undefined),
  }),
)

describe('the nearest', () => {
  test('are the same, one by one or in order, as when everything is sorted', () => {
    fc.assert(
      fc.property(
        numbers,
        fc.array(fc.nat(5), { minLength: 120, maxLength: 120 }),
        window,
        (entries, sources, { limit, direction, from }) => {
          const nearest = new Nearest(byNumber, { limit, direction, from, order: 'asc' })
          const odd = (entry: number) => entry % 3 !== 0
          // Source 0 comes one by one in any order; each of the others is a list in order.
          for (let source = 0; source <= 5; source++) {
            const some = entries.filter((_, index) => sources[index] === source)
            if (source > 0) nearest.addOrdered(OrderedEntries.of(some, byNumber.compare), 1_000, odd)
            else for (const entry of some) if (nearest.wants(entry) && odd(entry)) nearest.add(entry)
          }
          const sorted = [...entries].filter(odd).sort(byNumber.compare)
          if (direction === 'backward') sorted.reverse()
          const isBeyond = (entry: number) => {
            if (from === undefined) return true
            const past = from.side === 'past' ? entry > Number(from.id) : entry >= Number(from.id)
            return direction === 'forward' ? past : !past
          }
          expect(nearest.sorted().slice(0, limit + 1)).toEqual(sorted.filter(isBeyond).slice(0, limit + 1))
        },
      ),
    )
  })

  test('of entries in order are looked at no further than they are wanted', () => {
    const looked: number[] = []
    const nearest = new Nearest(byNumber, {
      limit: 2,
      direction: 'forward',
      order: 'asc',
      from: { id: '10', side: 'past' },
    })
    const ordered = OrderedEntries.of([5, 10, 11, 12, 13, 14, 15], byNumber.compare)
    const left = nearest.addOrdered(ordered, 100, (entry) => looked.push(entry) > 0)
    expect(looked).toEqual([11, 12, 13])
    expect(left).toBe(97)
    expect(
      nearest.addOrdered(ordered, 2, () => false),
      'too few steps',
    ).toBeLessThan(0)
  })
})
