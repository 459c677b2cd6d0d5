import { CursorInvalid } from '@bailiwick/core'
import { expect, test } from 'vitest'
import { eventId, parseEventId } from './event-ids.js'

const places = [
  { position: 1, change: 0 },
  { position: 1, change: 31 },
  { position: 1, change: 32 },
  { position: 2, change: 0 },
  { position: 33, change: 100_000 },
  { position: Number.MAX_SAFE_INTEGER, change: 2 ** 32 },
]

test('an event id leads back to its place', () => {
  for (const place of places) expect(parseEventId(eventId(place))).toEqual(place)
})

test('event ids are in the order of the log', () => {
  const ids = places.map(eventId)
  expect([...ids].sort()).toEqual(ids)
  expect(new Set(ids).size).toBe(places.length)
})

test.each(['', 'event_', `event_${'0'.repeat(25)}`, `event_${'U'.repeat(26)}`, `event_${'Z'.repeat(26)}`])(
  '`%s` is no event id',
  (id) => {
    expect(() => parseEventId(id)).toThrow(CursorInvalid)
  },
)
