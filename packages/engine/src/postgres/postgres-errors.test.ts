import { StoreFull, StoreUnavailable } from '@bailiwick/core'
import { expect, test } from 'vitest'
import { storeError } from './postgres-errors.js'

const told = (code: string) => Object.assign(new Error('could not extend file'), { code })

test('a full disk reads as such, and anything else that may pass as unavailable', () => {
  const full = storeError(told('53100'), 'writing to the store')
  expect(full).toBeInstanceOf(StoreFull)
  expect(full).toMatchObject({ code: 'store_full', message: expect.stringContaining('is full') })
  expect(storeError(told('53300'), 'writing to the store')).toBeInstanceOf(StoreUnavailable)
})
