import { userShard } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import type { LookupName } from '../store/lookups.js'
import type { Store } from '../store/store.js'
import { acme, draft, globex, member, organization, put, remove, stored, user } from './samples.js'
import { openerForTest, type StoreUnderTest } from './store-under-test.js'

/** By something other than an id, over all shards; and what one entity alone may have. */
export function lookingUp(open: () => Promise<StoreUnderTest>): void {
  const fresh = async () => (await openerForTest(open))()
  const found = async (store: Store, name: LookupName, value: string) =>
    (await store.lookup(name, value, { limit: 100 })).map(({ entity }) => entity.id as string)

  describe('lookup', () => {
    test('finds the memberships of a user in every organization, by id', async () => {
      const store = await fresh()
      const ada = { userId: 'ada' }
      await stored(store, globex, 0, draft(put(member('om_1', ada)), put(member('om_2'))))
      await stored(store, acme, 0, draft(put(member('om_3', ada)), put(member('om_0', ada))))
      expect(await store.lookup('membership_user', 'ada', { limit: 2 })).toEqual([
        { shard: acme, entity: member('om_0', ada).entity },
        { shard: globex, entity: member('om_1', ada).entity },
      ])
      const page = { after: 'om_3', order: 'desc', limit: 9 } as const
      const rest = await store.lookup('membership_user', 'ada', page)
      expect(rest.map(({ entity }) => entity.id)).toEqual(['om_1', 'om_0'])
      expect(await found(store, 'membership_user', 'Ada')).toEqual([])
    })

    test('finds an organization by its external id, and by each of its domains in any case', async () => {
      const store = await fresh()
      const domains = ['acme.test', 'ACME.example'].map((domain) => ({ domain, state: 'verified' }) as const)
      const shared = [{ domain: 'acme.example', state: 'pending' }] as const
      await stored(store, acme, 0, draft(put(organization(acme, { externalId: 'a-1', domains }))))
      await stored(store, globex, 0, draft(put(organization(globex, { domains: shared }))))
      expect(await found(store, 'organization_external_id', 'a-1')).toEqual([acme])
      expect(await found(store, 'organization_external_id', 'A-1')).toEqual([])
      expect(await found(store, 'organization_domain', 'Acme.Test')).toEqual([acme])
      expect(await found(store, 'organization_domain', 'acme.example')).toEqual([acme, globex])
    })

    test('finds a user by her email in any case, and by her external id', async () => {
      const store = await fresh()
      const ada = user('user_1', { email: 'Ada@Acme.test', externalId: 'X1' })
      await stored(store, userShard('user_1'), 0, draft(put(ada)))
      expect(await found(store, 'user_email', 'aDA@acme.test')).toEqual(['user_1'])
      expect(await found(store, 'user_external_id', 'X1')).toEqual(['user_1'])
      expect(await found(store, 'user_external_id', 'x1')).toEqual([])
      expect(await found(store, 'user_email', 'ben@acme.test')).toEqual([])
    })

    test('follows what is changed and removed', async () => {
      const store = await fresh()
      const shard = userShard('user_1')
      await stored(store, shard, 0, draft(put(user('user_1', { email: 'old@acme.test', externalId: 'x' }))))
      await stored(store, shard, 1, draft(put(user('user_1', { email: 'new@acme.test' }))))
      expect(await found(store, 'user_email', 'old@acme.test')).toEqual([])
      expect(await found(store, 'user_external_id', 'x')).toEqual([])
      expect(await found(store, 'user_email', 'new@acme.test')).toEqual(['user_1'])
      await stored(store, shard, 2, draft(remove(user('user_1'))))
      expect(await found(store, 'user_email', 'new@acme.test')).toEqual([])
    })

    test('takes any value for a plain string', async () => {
      const store = await fresh()
      for (const [n, userId] of ['__proto__', 'constructor', "o'hara", '%', ' a '].entries()) {
        await stored(store, acme, n, draft(put(member(`om_${n}`, { userId }))))
        expect(await found(store, 'membership_user', userId)).toEqual([`om_${n}`])
      }
    })

    test('survives a reopen', async () => {
      const opener = await openerForTest(open)
      const first = await opener()
      await stored(first, acme, 0, draft(put(organization(acme, { externalId: 'a-1' }))))
      await first.close()
      const second = await opener()
      expect(await found(second, 'organization_external_id', 'a-1')).toEqual([acme])
      const taken = [draft(put(organization(globex, { externalId: 'a-1' })))] as const
      expect(await second.append(globex, 0, taken)).toMatchObject({ kind: 'taken' })
    })
  })

  describe('a unique value', () => {
    const [ada, ben] = [userShard('ada'), userShard('ben')]

    test('that an entity of another shard has is taken: nothing is stored, and the look-up is named', async () => {
      const store = await fresh()
      await stored(store, ada, 0, draft(put(user('ada', { email: 'x@acme.test' }))))
      const drafts = [draft(put(user('ben', { email: 'X@acme.test', externalId: 'b' })))] as const
      expect(await store.append(ben, 0, drafts)).toEqual({
        kind: 'taken',
        draft: 0,
        entityKind: 'user',
        id: 'ben',
        lookup: { name: 'user_email', value: 'x@acme.test' },
      })
      expect(await store.load(ben)).toBeUndefined()
      expect(await found(store, 'user_external_id', 'b')).toEqual([])
    })

    test('is free again when it is given up, and when its entity is removed', async () => {
      const store = await fresh()
      const [one, other] = [{ externalId: '1' }, { externalId: '2' }]
      await stored(store, ada, 0, draft(put(user('ada', one))))
      await stored(store, ada, 1, draft(put(user('ada', other))))
      await stored(store, ben, 0, draft(put(user('ben', one))))
      await stored(store, ada, 2, draft(remove(user('ada'))))
      await stored(store, ben, 1, draft(put(user('ben', other))))
      expect(await found(store, 'user_external_id', '2')).toEqual(['ben'])
    })

    test('is kept by its own entity, however often that is put', async () => {
      const store = await fresh()
      const twice = draft(put(user('ada', { email: 'x@acme.test' })))
      await stored(store, ada, 0, twice, twice)
      await stored(store, ada, 2, twice)
      expect(await found(store, 'user_email', 'x@acme.test')).toEqual(['ada'])
    })

    test('that two drafts of one append claim is taken for the second', async () => {
      const store = await fresh()
      const drafts = ['ada', 'ben'].map((id) => draft(put(user(id, { externalId: 'x' }))))
      expect(await store.append(ada, 0, drafts as never)).toMatchObject({
        kind: 'taken',
        draft: 1,
        id: 'ben',
      })
      expect(await found(store, 'user_external_id', 'x')).toEqual([])
    })

    test('that two shards claim at once: one has it, for the other it is taken', async () => {
      const store = await fresh()
      const results = await Promise.all([
        store.append(ada, 0, [draft(put(user('ada', { externalId: 'x' })))]),
        store.append(ben, 0, [draft(put(user('ben', { externalId: 'x' })))]),
      ])
      expect(results.map(({ kind }) => kind).sort()).toEqual(['appended', 'taken'])
      expect(await found(store, 'user_external_id', 'x')).toHaveLength(1)
    })

    test('of one look-up is nothing to another, and what several may have is never taken', async () => {
      const store = await fresh()
      const domains = [{ domain: 'acme.test', state: 'verified' }] as const
      await stored(store, ada, 0, draft(put(user('ada', { externalId: 'x' }))))
      await stored(store, acme, 0, draft(put(organization(acme, { externalId: 'x', domains }))))
      await stored(store, globex, 0, draft(put(organization(globex, { domains }))))
      await stored(store, acme, 1, draft(put(member('om_1', { userId: 'x' }))))
      await stored(store, globex, 1, draft(put(member('om_2', { userId: 'x' }))))
    })
  })
}
