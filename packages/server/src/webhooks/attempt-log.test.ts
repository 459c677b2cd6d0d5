import { memoryStore } from '@bailiwick/engine'
import { expect, test } from 'vitest'
import { type Attempt, AttemptLog } from './attempt-log.js'

const open = async () => new AttemptLog((await memoryStore()()).notebook(() => 0))
const tried = (n: number, what: 'delivered' | 'retrying' | 'failed'): Attempt => ({
  event: { id: `event_${n}`, event: 'group.created' },
  attempt: 1,
  at: n,
  outcome: {
    isDelivered: what === 'delivered',
    responseStatus: what === 'delivered' ? 204 : 500,
    error: null,
  },
  nextAttemptAt: what === 'retrying' ? n + 1 : undefined,
})
const ids = (told: readonly { readonly event_id: string }[]) => told.map(({ event_id }) => event_id)

test('tells the newest first, all or of one status', async () => {
  const log = await open()
  await log.add('we_1', [tried(1, 'failed'), tried(2, 'delivered')])
  await log.add('we_1', [tried(3, 'retrying'), tried(4, 'delivered')])
  await log.add('we_2', [tried(5, 'delivered')])
  expect(ids(await log.list('we_1'))).toEqual(['event_4', 'event_3', 'event_2', 'event_1'])
  expect(ids(await log.list('we_1', 'delivered'))).toEqual(['event_4', 'event_2'])
  expect(await log.list('we_1', 'retrying')).toMatchObject([
    { event_id: 'event_3', next_attempt_at: new Date(4).toISOString() },
  ])
  expect(await log.list('we_1', 'failed')).toMatchObject([{ event_id: 'event_1', next_attempt_at: null }])
})

test('keeps what was given up however much is delivered afterwards, and a hundred of each', async () => {
  const log = await open()
  const many = (from: number, what: 'delivered' | 'failed') =>
    Array.from({ length: 101 }, (_, n) => tried(from + n, what))
  await log.add('we_1', [tried(1, 'failed')])
  await log.add('we_1', many(100, 'delivered'))
  expect(ids(await log.list('we_1', 'failed'))).toEqual(['event_1'])
  expect(ids(await log.list('we_1'))).toEqual(
    many(100, 'delivered')
      .map(({ event }) => event.id)
      .reverse()
      .slice(0, 100),
  )
  await log.add('we_1', many(300, 'failed'))
  const failed = ids(await log.list('we_1', 'failed'))
  expect([failed.length, failed[0], failed.at(-1)]).toEqual([100, 'event_400', 'event_301'])
})
