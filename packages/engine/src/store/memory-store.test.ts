import { describe, expect, test } from 'vitest'
import { storeContract } from '../store-contract/index.js'
import { memoryStore } from './memory-store.js'

const nothingToDispose = async () => {}

storeContract('memory', async () => ({ opener: memoryStore(), dispose: nothingToDispose }))
storeContract('exclusive memory', async () => ({
  opener: memoryStore({ access: 'exclusive' }),
  dispose: nothingToDispose,
}))

describe('the memory store', () => {
  test('says which access it was made for', async () => {
    expect((await memoryStore()()).access).toBe('shared')
    expect((await memoryStore({ access: 'exclusive' })()).access).toBe('exclusive')
  })
})
