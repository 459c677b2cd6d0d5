import { describe, expect, test } from 'vitest'
import { NamedLists } from './named-lists.js'
import { OrderedEntries } from './ordered-ids.js'

describe('lists by name', () => {
  test('an entry that names one thing twice is taken out once, and nobody else with it', () => {
    const names = new Map([
      [1, ['engineering']],
      [2, ['engineering', 'engineering']],
    ])
    const all = new OrderedEntries((one, other) => one - other)
    for (const entry of names.keys()) all.add(entry)
    const lists = new NamedLists<string>(all, (entry) => names.get(entry) ?? [])
    expect(entriesOf(lists.list('engineering'))).toEqual([1, 2])

    lists.remove(2)
    expect(entriesOf(lists.list('engineering'))).toEqual([1])
    lists.add(2)
    expect(entriesOf(lists.list('engineering'))).toEqual([1, 2])
  })

  test('taking out what is not there takes out nothing', () => {
    const ordered = new OrderedEntries((one, other) => one - other)
    for (const entry of [1, 2]) ordered.add(entry)
    for (const _ of 'twice') ordered.remove(2)
    expect(entriesOf(ordered)).toEqual([1])
  })
})

function entriesOf(ordered: OrderedEntries): readonly number[] {
  return Array.from({ length: ordered.length }, (_, position) => ordered.at(position))
}
