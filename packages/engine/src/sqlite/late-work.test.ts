import { type Change, environmentShard, StoreFull } from '@bailiwick/core'
import { expect, test } from 'vitest'
import { Gate } from '../store/gate.js'
import type { CommitDraft } from '../store/store.js'
import { Watchers } from '../store/watchers.js'
import { acme, draft, member, put } from '../store-contract/samples.js'
import { type LateContext, LateWork } from './late-work.js'

const at = '2026-01-01T00:00:00.000Z'
const taking: CommitDraft = { at, changes: [{ op: 'remove', kind: 'assignment', id: 'ra_1' }] }
const giving = draft(put(member('om_1')))
/** Of what takes away, and no JSON. */
const unwritable = { op: 'put', kind: 'role_order', entity: { id: acme, roles: 1n } } as unknown as Change
const full = new StoreFull('the disk is full')

/** A late append over a disk that is full, and what becomes of it, in order. */
function lateAppend(stored: CommitDraft) {
  const told: string[] = []
  const context = {
    log: { append: () => ({ kind: 'appended', revision: 2 }) },
    gate: new Gate(),
    reserve: {
      hold: () => {
        throw full
      },
      spend: () => true,
    },
    watchers: new Watchers(),
    again: () => told.push('again'),
  } as unknown as LateContext
  const work = new LateWork(
    acme,
    {
      make: () => ({ expected: 1, drafts: [stored], given: { shard: environmentShard, revision: 1 } }),
      delayed: () => told.push('delayed'),
      done: () => told.push('done'),
      failed: (error) => told.push((error as Error).name),
    },
    context,
  )
  return { work, told }
}

test('what takes away is taken off the graph before it waits for the room that is kept', () => {
  const { work, told } = lateAppend(taking)
  expect(work.run()).toMatchObject({ kind: 'appended' })
  work.failed(full)
  expect(told).toEqual(['delayed', 'again'])
})

test('what gives is refused where there is no room, and off the graph before others are told anything', () => {
  const { work, told } = lateAppend(giving)
  const outcome = work.run()
  expect(told).toEqual(['delayed'])
  work.durable(outcome)
  expect(told).toEqual(['delayed', 'StoreFull'])
})

test('what cannot be written down is refused, and never tried again without its rows', () => {
  const { work, told } = lateAppend({ at, changes: [unwritable] })
  expect(work.run()).toMatchObject({ kind: 'bug', error: expect.any(TypeError) })
  work.failed(full)
  expect(told).toEqual(['delayed', 'StoreFull'])
})
