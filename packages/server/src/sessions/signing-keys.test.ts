import { memoryStore } from '@bailiwick/engine'
import { expect, test } from 'vitest'
import { signingKeys } from './signing-keys.js'

const twoProcesses = async () => {
  const store = await memoryStore()()
  return [signingKeys(store.notebook(() => 0)), signingKeys(store.notebook(() => 0))] as const
}

test('rotations at the same time at two processes are one: what was signed before stays good', async () => {
  const [one, other] = await twoProcesses()
  const before = await one.current('client')
  const made = await Promise.all([one.rotate('client'), other.rotate('client'), one.rotate('client')])
  const published = (await one.published('client')).map(({ kid }) => kid)
  // One has made it, and tells.
  expect(made.filter((kid) => kid !== undefined)).toEqual([published[0]])
  expect(published).toEqual([expect.not.stringMatching(before.kid), before.kid])
  expect((await one.current('client')).kid).toBe(published[0])
  expect((await other.current('client')).kid).toBe(published[0])
})

test('one rotation after the other: the key before the last one is published no more', async () => {
  const [one, other] = await twoProcesses()
  const before = await one.current('client')
  await one.rotate('client')
  await other.rotate('client')
  const published = (await one.published('client')).map(({ kid }) => kid)
  expect(new Set(published).size).toBe(2)
  expect(published).not.toContain(before.kid)
})

test('a client that never signed is given its first key by a rotation, at two processes the same', async () => {
  const [one, other] = await twoProcesses()
  await Promise.all([one.rotate('client'), other.rotate('client')])
  expect(await one.published('client')).toHaveLength(1)
  expect((await one.current('client')).kid).toBe((await other.current('client')).kid)
})
