import { defineModel } from '@bailiwick/core'
import { memoryStore, openEngine } from '@bailiwick/engine'
import { expect, test } from 'vitest'
import { createAuthorizer } from '../authorizer.js'
import { developmentPage } from './development-page.js'

// Other machines cannot be had in a test: the frameworks' own tests ask from this one.
test('the page is there for whoever is at this machine and calls it by its own name', async () => {
  const model = defineModel({ resourceTypes: {}, permissions: { a: 'organization' }, roles: {} })
  const engine = await openEngine({ store: memoryStore(), model })
  const session = { verify: () => Promise.reject(new Error('nobody asks')) }
  const page = developmentPage(createAuthorizer({ engine, session }), () => [])
  const answer = (remoteAddress: string | undefined, host: string | undefined) =>
    page?.answer({ remoteAddress, host, accept: undefined })?.status
  for (const here of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
    expect(answer(here, 'localhost:3000')).toBe(200)
  for (const elsewhere of ['10.0.0.7', '::ffff:10.0.0.7', '127.0.0.1.example', undefined]) {
    expect(answer(elsewhere, 'localhost:3000')).toBeUndefined()
  }
  for (const host of [
    'attacker.example',
    'localhost.attacker.example',
    '127.0.0.1:3000@attacker.example',
    undefined,
  ]) {
    expect(answer('127.0.0.1', host)).toBeUndefined()
  }
  await engine.close()
})
