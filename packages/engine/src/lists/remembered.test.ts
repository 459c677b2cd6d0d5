import type { GroupId } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { openEnvironment } from '../environment/open-environment.js'
import { applyChanges } from '../graph/apply-change.js'
import { OrganizationGraph } from '../graph/organization-graph.js'
import { memoryStore } from '../store/memory-store.js'
import { listModel } from './fixtures/random-organization.js'
import { Remembered } from './remembered.js'

/** As many as there are slots: what lies so far apart shares one. */
const apart = 2 ** 15

describe('what is remembered', () => {
  test('is the same object the next time, and nobody can change it for others', async () => {
    const graph = await emptyGraph()
    const get = new Remembered((_, entry) => ({ entry })).of(graph)
    expect(get(7)).toBe(get(7))
    expect(Object.isFrozen(get(7))).toBe(true)
  })

  test('belongs to its entry, also where two share a slot', async () => {
    const get = new Remembered((_, entry) => ({ entry })).of(await emptyGraph())
    for (const entry of [7, 7 + apart, 7]) expect(get(entry)).toEqual({ entry })
  })

  test('is forgotten once an entry may mean something else', async () => {
    const graph = await emptyGraph()
    let made = 0
    const remembered = new Remembered(() => ({ made: ++made }))
    const id = 'group_1' as GroupId
    for (let removals = 0; removals <= apart; removals++) {
      expect(remembered.of(graph)(7).made).toBe(removals + 1)
      applyChanges(graph, [
        { op: 'put', kind: 'group', entity: { id } },
        { op: 'remove', kind: 'group', id },
      ])
    }
  })

  test('belongs to its graph', async () => {
    const [one, other] = [await emptyGraph(), await emptyGraph()]
    const remembered = new Remembered((graph) => ({ isOne: graph === one }))
    expect([remembered.of(one)(7), remembered.of(other)(7), remembered.of(one)(7)]).toEqual([
      { isOne: true },
      { isOne: false },
      { isOne: true },
    ])
  })
})

async function emptyGraph(): Promise<OrganizationGraph> {
  let ids = 0
  const store = await memoryStore()()
  const at = () => '2026-01-01T00:00:00.000Z'
  return new OrganizationGraph(await openEnvironment(store, listModel('multiple'), at, () => String(++ids)))
}
