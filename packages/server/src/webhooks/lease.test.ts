import { memoryStore } from '@bailiwick/engine'
import { expect, test } from 'vitest'
import { Lease } from './lease.js'

test('one of two has it, until it lets go or is not heard of any more', async () => {
  let now = 1_000
  const notebook = (await memoryStore()()).notebook(() => now)
  const [one, other] = [
    new Lease(notebook, 'webhooks', () => now),
    new Lease(notebook, 'webhooks', () => now),
  ]
  expect(await Promise.all([one.hold(), other.hold()])).toEqual([true, false])
  now += 10_000
  expect(await one.hold()).toBe(true)
  now += 14_999
  expect([one.isHeld, await other.hold()]).toEqual([true, false])
  now += 1
  expect([one.isHeld, await other.hold()]).toEqual([false, true])
  expect(await one.hold()).toBe(false)
  await other.release()
  expect([other.isHeld, await one.hold()]).toEqual([false, true])
})
