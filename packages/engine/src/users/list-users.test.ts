import type { EntityPageOptions, OrganizationId } from '@bailiwick/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { ulidSource } from '../new-id.js'
import { memoryStore } from '../store/memory-store.js'
import type { Store } from '../store/store.js'
import { acme, draft, member, put, stored } from '../store-contract/samples.js'
import { listUsers, type UsersFilter } from './list-users.js'
import { createUser } from './users.js'

let store: Store
const list = async (filter: UsersFilter, page: EntityPageOptions = {}) => {
  const { items, before, after } = await listUsers(store, filter, page)
  return [items.map(({ id }) => id).join(''), before, after]
}

beforeEach(async () => {
  store = await memoryStore()()
  const context = { store, now: () => '2026-01-01T00:00:00.000Z', ulid: ulidSource() }
  for (const id of ['e', 'b', 'a', 'd', 'c']) await createUser(context, { id, email: `${id}@acme.test` })
  // Of `x` nothing is known but the membership.
  const members = ['b', 'd', 'e', 'x'].map((userId, n) => put(member(`om_${9 - n}`, { userId })))
  await stored(store, acme, 0, draft(...members))
})

describe('a list of users', () => {
  test.each<[string, EntityPageOptions, unknown]>([
    ['all of them', {}, ['abcde', null, null]],
    ['the first page', { limit: 2 }, ['ab', null, 'b']],
    ['the next one', { limit: 2, after: 'b' }, ['cd', 'c', 'd']],
    ['the last one', { limit: 2, after: 'd' }, ['e', 'e', null]],
    ['the one before', { limit: 2, before: 'e' }, ['cd', 'c', 'd']],
    ['the first one, from behind', { limit: 2, before: 'c' }, ['ab', null, 'b']],
    ['backwards', { limit: 2, order: 'desc' }, ['ed', null, 'd']],
    ['on backwards', { limit: 9, order: 'desc', after: 'd' }, ['cba', 'c', null]],
    ['nothing behind the end', { after: 'e' }, ['', null, null]],
  ])('has %s', async (_which, page, expected) => {
    expect(await list({}, page)).toEqual(expected)
  })

  test('of an organization has its members alone, also those of whom nothing is known', async () => {
    expect(await list({ organizationId: acme })).toEqual(['bdex', null, null])
    expect(await list({ organizationId: acme }, { limit: 2, after: 'b' })).toEqual(['de', 'd', 'e'])
    expect(await list({ organizationId: acme }, { limit: 2, order: 'desc' })).toEqual(['xe', null, 'e'])
    expect(await list({ organizationId: 'org_none' as OrganizationId })).toEqual(['', null, null])
  })

  test('by email has one or none, and in an organization only a member', async () => {
    expect(await list({ email: 'B@acme.test' })).toEqual(['b', null, null])
    expect(await list({ email: 'nobody@acme.test' })).toEqual(['', null, null])
    expect(await list({ email: 'b@acme.test', organizationId: acme })).toEqual(['b', null, null])
    expect(await list({ email: 'a@acme.test', organizationId: acme })).toEqual(['', null, null])
  })

  test.each([{ limit: 0 }, { limit: 101 }, { limit: 1.5 }, { after: 'a', before: 'b' }])(
    'is refused for %o',
    async (page) => {
      await expect(listUsers(store, {}, page)).rejects.toMatchObject({ code: 'input_invalid' })
    },
  )
})
