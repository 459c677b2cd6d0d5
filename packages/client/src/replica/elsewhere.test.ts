import { InputInvalid, StoreUnavailable } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { hereOrElsewhere, inTimeOrElsewhere } from './elsewhere.js'

const ask = async () => 'there'
const long = 60_000

describe.each([
  ['at hand', (here: Promise<string>) => hereOrElsewhere(here, ask)],
  ['still to come', (here: Promise<string>) => inTimeOrElsewhere(here, ask, long)],
])('what is %s', (_, answer) => {
  test('is answered here', async () => {
    expect(await answer(Promise.resolve('here'))).toBe('here')
  })

  test.each([
    ['is unavailable', new StoreUnavailable('nothing came')],
    ['does not fit', new Error('a commit refers to what is not there')],
  ])('and %s is asked elsewhere', async (_, error) => {
    expect(await answer(Promise.reject(error))).toBe('there')
  })

  test('and is refused, is refused', async () => {
    const refused = new InputInvalid('permission', 'must be one', 'x')
    await expect(answer(Promise.reject(refused))).rejects.toBe(refused)
  })
})

describe('what takes too long here', () => {
  test('is asked elsewhere, and what comes later changes nothing', async () => {
    let settle = (_: string) => {}
    const here = new Promise<string>((resolve) => {
      settle = resolve
    })
    expect(await inTimeOrElsewhere(here, ask, 0)).toBe('there')
    settle('here')
  })

  test('and fails elsewhere, fails', async () => {
    const failing = () => Promise.reject(new StoreUnavailable('nobody there'))
    await expect(inTimeOrElsewhere(new Promise(() => {}), failing, 0)).rejects.toMatchObject({
      kind: 'unavailable',
    })
  })
})
