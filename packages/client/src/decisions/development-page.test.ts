import { defineModel, type Session, type UserId } from '@bailiwick/core'
import { memoryStore, openEngine } from '@bailiwick/engine'
import { expect, test } from 'vitest'
import { createAuthorizer } from '../authorizer.js'
import type { GuardedRoute } from '../guard/route-table.js'
import { developmentPage, type PageAnswer } from './development-page.js'

const model = defineModel({ resourceTypes: {}, permissions: { a: 'organization' }, roles: {} })
const session = { verify: () => Promise.reject(new Error('nobody asks')) }

// Other machines cannot be had in a test: the frameworks' own tests ask from this one.
test('the page is there for whoever is at this machine and calls it by its own name', async () => {
  const engine = await openEngine({ store: memoryStore(), model })
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

test('the page takes nothing that it shows for markup', async () => {
  const { page, decide, close } = await open([{ method: 'GET', path: '/<i>&"', requirements: [] }])
  await decide('<script>alert(1)</script>')
  const { body } = page()
  expect(body).not.toMatch(/<script|<i>/)
  expect(body).toContain('/&#60;i&#62;&#38;&#34;')
  expect(body).toContain('&#60;script&#62;alert(1)')
  await close()
})

test('the page shows the last hundred decisions, newest first', async () => {
  const { page, decide, close } = await open([])
  for (let n = 0; n <= 100; n++) await decide(`user_${n}`)
  const { decisions } = JSON.parse(page('application/json').body) as {
    readonly decisions: readonly { readonly who: string }[]
  }
  expect(decisions.map(({ who }) => who)).toEqual(Array.from({ length: 100 }, (_, n) => `user_${100 - n}`))
  await close()
})

async function open(routes: readonly GuardedRoute[]) {
  const engine = await openEngine({ store: memoryStore(), model })
  const authorizer = createAuthorizer({ engine, session })
  const made = developmentPage(authorizer, () => routes)
  return {
    page: (accept?: string) =>
      made?.answer({ remoteAddress: '::1', host: 'localhost', accept }) as PageAnswer,
    decide: (userId: string) => authorizer.check(sessionOf(userId), 'a' as never),
    close: () => engine.close(),
  }
}

function sessionOf(userId: string): Session {
  return {
    userId: userId as UserId,
    organizationId: undefined,
    membershipId: undefined,
    actors: [],
    roles: [],
    permissions: [],
    sessionId: undefined,
    issuedAt: 0,
    expiresAt: 300,
    claims: {},
  }
}
