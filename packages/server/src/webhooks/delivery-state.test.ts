import type { ShardId } from '@bailiwick/core'
import { memoryStore } from '@bailiwick/engine'
import { expect, test } from 'vitest'
import { DeliveryStates } from './delivery-state.js'

const open = async () => new DeliveryStates((await memoryStore()()).notebook(() => 0))
const from = { position: 7, change: 2 }
const waiting = {
  from: { position: 20, change: 0 },
  lanes: [{ shard: 'org_acme' as ShardId, from, attempts: 3, nextAttemptAt: 1 }],
}

test('begins behind a position, once', async () => {
  const states = await open()
  expect(await states.read('we_1')).toBeUndefined()
  await states.begin('we_1', 4)
  await states.begin('we_1', 9)
  expect((await states.read('we_1'))?.state).toEqual({ from: { position: 5, change: 0 }, lanes: [] })
  expect(await states.read('we_2')).toBeUndefined()
})

test('goes on only from what it was read as', async () => {
  const states = await open()
  await states.begin('we_1', 4)
  const before = await states.read('we_1')
  if (before === undefined) throw new Error('there is none')
  const after = await states.advance('we_1', before, waiting)
  expect(after?.state).toEqual(waiting)
  expect(await states.advance('we_1', before, before.state)).toBe(before)
  expect(await states.advance('we_1', before, { from, lanes: [] })).toBeUndefined()
  expect((await states.read('we_1'))?.state).toEqual(waiting)
})

test('starts again from a change, and nothing waits: also where somebody advances, or nobody has begun', async () => {
  const states = await open()
  await states.restart('we_1', from)
  expect((await states.read('we_1'))?.state).toEqual({ from, lanes: [] })
  const other = { from: { position: 1, change: 0 }, lanes: [] }
  const known = await states.read('we_1')
  if (known === undefined) throw new Error('there is none')
  const before = await states.advance('we_1', known, other)
  if (before === undefined) throw new Error('somebody else has written')
  await Promise.all([states.restart('we_1', from), states.advance('we_1', before, waiting)])
  expect((await states.read('we_1'))?.state).toEqual({ from, lanes: [] })
  await Promise.all([states.restart('we_2', from), states.begin('we_2', 90)])
  expect((await states.read('we_2'))?.state).toEqual({ from, lanes: [] })
})
