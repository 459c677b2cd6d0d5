import { StoreUnavailable } from '@bailiwick/core'
import { expect, test } from 'vitest'
import { again } from './again.js'
import { isRace } from './postgres-errors.js'

/** Work that fails so many times as the server says, and then is done. */
const failing = (times: number, code: string) => {
  const attempts = { count: 0 }
  const work = async () => {
    attempts.count += 1
    if (attempts.count > times) return 'done'
    const cause = Object.assign(new Error('restart transaction'), { code })
    throw new StoreUnavailable('writing to the store failed', { cause })
  }
  return { attempts, work }
}

test('what the server gave up is done again', async () => {
  const { attempts, work } = failing(2, '40001')
  expect(await again(isRace, work)).toBe('done')
  expect(attempts.count).toBe(3)
})

test.each([
  ['of which nobody knows what became', '40003'],
  ['whose connection broke', '08006'],
])('a commit %s is not done again', async (_, code) => {
  const { attempts, work } = failing(1, code)
  await expect(again(isRace, work)).rejects.toMatchObject({ code: 'store_unavailable' })
  expect(attempts.count).toBe(1)
})

test('and not for ever', async () => {
  const { attempts, work } = failing(1_000, '40P01')
  await expect(again(isRace, work)).rejects.toMatchObject({ code: 'store_unavailable' })
  expect(attempts.count).toBe(10)
})
