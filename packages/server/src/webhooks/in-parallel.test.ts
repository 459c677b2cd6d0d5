import { expect, test } from 'vitest'
import { inParallel } from './in-parallel.js'

/** Pieces of work that end when they are told to, and who has begun and ended, in order. */
function pieces(count: number) {
  const happened: string[] = []
  const ends: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = []
  const work = Array.from({ length: count }, (_, n) => async () => {
    happened.push(`${n} begins`)
    await new Promise<void>((resolve, reject) => {
      ends[n] = { resolve, reject }
    })
    happened.push(`${n} ends`)
  })
  return { happened, ends, work }
}

/** Until everything has gone on that could. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

test('so many are under way at once, and all are done', async () => {
  const { happened, ends, work } = pieces(3)
  const done = inParallel(2, work)
  await settled()
  expect(happened).toEqual(['0 begins', '1 begins'])
  ends[1]?.resolve()
  await settled()
  expect(happened.slice(2)).toEqual(['1 ends', '2 begins'])
  ends[0]?.resolve()
  ends[2]?.resolve()
  await done
  expect(happened.slice(4)).toEqual(['0 ends', '2 ends'])
})

test('after one has failed nothing more is begun, and what is under way is waited for', async () => {
  const { happened, ends, work } = pieces(3)
  let isOver = false
  const done = inParallel(2, work).finally(() => {
    isOver = true
  })
  await settled()
  ends[0]?.reject(new Error('the store is down'))
  await settled()
  expect([happened, isOver]).toEqual([['0 begins', '1 begins'], false])
  for (const end of ends) end.resolve()
  await expect(done).rejects.toThrow('the store is down')
  expect(happened).toEqual(['0 begins', '1 begins', '1 ends'])
})
