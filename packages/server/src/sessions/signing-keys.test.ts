import { memoryStore } from '@bailiwick/engine'
import { expect, test } from 'vitest'
import { signingKeys } from './signing-keys.js'

test('two processes that rotate at the same time both keep their keys published', async () => {
  const store = await memoryStore()()
  const [one, other] = [signingKeys(store.notebook(() => 0)), signingKeys(store.notebook(() => 0))]
  await one.current('client')
  await Promise.all([one.rotate('client'), other.rotate('client')])
  const published = (await one.published('client')).map(({ kid }) => kid)
  expect(new Set(published).size).toBe(2)
  expect(published).toContain((await other.current('client')).kid)
  await one.rotate('client')
  expect((await one.published('client')).map(({ kid }) => kid)).toContain(published[0])
})
