import type { NewUser, OrganizationId, User, UserFields } from '@bailiwick/core'
import { beforeEach, describe, expect, test } from 'vitest'
import type { EmbeddedEngine } from '../embedded-engine.js'
import { acme, ann, may, model } from '../fixtures/acme.js'
import { watchedStore } from '../fixtures/watched-store.js'
import { ulidSource } from '../new-id.js'
import { openEngine } from '../open-engine.js'
import { memoryStore } from '../store/memory-store.js'
import type { Store } from '../store/store.js'
import { createUser, deleteUser, ensureUser, findUser, updateUser } from './users.js'
import type { UsersContext } from './write-user.js'

const globex = 'org_globex' as OrganizationId

let store: Store
let context: UsersContext
let minute: number
const create = async (user: NewUser) => (await createUser(context, user)).value
const update = async (id: string, fields: UserFields) => (await updateUser(context, id, fields)).value

beforeEach(async () => {
  store = await memoryStore()()
  minute = 0
  const now = () => new Date(Date.UTC(2026, 0, 1, 0, minute++)).toISOString()
  context = { store, now, ulid: ulidSource() }
})

describe('a user', () => {
  test('is made with an id of ours, or under the one that an identity provider has given', async () => {
    const ours = await create({ email: 'ada@acme.test', firstName: 'Ada', metadata: { team: 'a', none: '' } })
    expect(ours).toEqual({
      id: expect.stringMatching(/^user_[0-9A-Z]{26}$/),
      email: 'ada@acme.test',
      emailVerified: false,
      firstName: 'Ada',
      lastName: null,
      externalId: null,
      profilePictureUrl: null,
      locale: null,
      lastSignInAt: null,
      metadata: { team: 'a' },
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
    })
    expect(await create({ id: 'auth0|5f/ä'.slice(0, 9) })).toMatchObject({ id: 'auth0|5f/' })
    expect(await findUser(store, { id: ours.id })).toEqual(ours)
  })

  test('is found by her email in any case and by her external id, and not by that of others', async () => {
    const ada = await create({ email: 'Ada@Acme.test', externalId: 'A1' })
    await create({ email: 'ben@acme.test', externalId: 'B1' })
    expect(await findUser(store, { email: 'ada@acme.TEST' })).toEqual(ada)
    expect(await findUser(store, { externalId: 'A1' })).toEqual(ada)
    expect(await findUser(store, { externalId: 'a1' })).toBeUndefined()
    expect(await findUser(store, { id: 'user_nobody' })).toBeUndefined()
  })

  test.each<[string, NewUser, string | undefined]>([
    ['id', { id: 'ada' }, undefined],
    ['email', { email: 'ADA@acme.test' }, 'email'],
    ['external id', { externalId: 'A1' }, 'externalId'],
  ])('has her %s alone', async (_what, input, field) => {
    await create({ id: 'ada', email: 'ada@acme.test', externalId: 'A1' })
    await expect(create(input)).rejects.toMatchObject({ code: 'user_exists', field })
    const ben = await create({ email: 'ben@acme.test', externalId: 'B1' })
    if (field === undefined) return
    const { id: _, ...fields } = input
    await expect(update(ben.id, fields)).rejects.toMatchObject({ code: 'user_exists', field })
    expect(await findUser(store, { id: ben.id })).toEqual(ben)
  })

  test('changes in what is named, and her metadata merges', async () => {
    const before = await create({
      firstName: 'Ada',
      lastName: 'L',
      locale: 'en',
      metadata: { a: '1', b: '2' },
    })
    const after = await update(before.id, {
      lastName: 'Lovelace',
      locale: null,
      metadata: { b: null, c: '3' },
    })
    expect(after).toEqual({
      ...before,
      lastName: 'Lovelace',
      locale: null,
      metadata: { a: '1', c: '3' },
      updatedAt: '2026-01-01T00:01:00.000Z',
    })
    await expect(update('user_nobody', {})).rejects.toMatchObject({ code: 'user_not_found' })
  })

  test('with another email is not verified any more, unless it is said', async () => {
    const { id } = await create({ email: 'ada@acme.test', emailVerified: true })
    expect(await update(id, { firstName: 'Ada', email: 'ada@acme.test' })).toMatchObject({
      emailVerified: true,
    })
    expect(await update(id, { email: 'new@acme.test' })).toMatchObject({ emailVerified: false })
    const said = { email: 'again@acme.test', emailVerified: true }
    expect(await update(id, said)).toMatchObject({ emailVerified: true })
    expect(await update(id, { email: null })).toMatchObject({ email: null, emailVerified: false })
  })

  test.each<[keyof UserFields | 'id', NewUser]>([
    ['id', { id: 'ä' }],
    ['id', { id: '' }],
    ['email', { email: 'nobody' }],
    ['email', { email: `${'a'.repeat(250)}@b.test` }],
    ['email', { email: 'two words@acme.test' }],
    ['firstName', { firstName: 'x'.repeat(257) }],
    ['externalId', { externalId: '' }],
    ['emailVerified', { emailVerified: 'yes' as never }],
    ['metadata', { metadata: { k: 1 as never } }],
    ['profilePictureUrl', { profilePictureUrl: 'x'.repeat(2_049) }],
  ])('is refused for a wrong %s, and not stored', async (field, input) => {
    await expect(create(input)).rejects.toMatchObject({ code: 'input_invalid', field })
    expect(await store.lastPosition()).toBe(0)
  })
})

describe('a stub', () => {
  test('has an id and nothing else, is made once, and leaves alone whoever is known', async () => {
    const stub = await ensureUser(context, 'auth0|1')
    expect(stub).toMatchObject({ id: 'auth0|1', email: null, metadata: {} })
    expect(await ensureUser(context, 'auth0|1')).toEqual(stub)
    const both = await Promise.all([ensureUser(context, 'auth0|2'), ensureUser(context, 'auth0|2')])
    expect(both[0]).toEqual(both[1])
    const ada = await create({ id: 'ada', email: 'ada@acme.test' })
    expect(await ensureUser(context, 'ada')).toEqual(ada)
    expect(await store.lastPosition()).toBe(3)
  })

  test('is filled by whoever makes the user under its id, once', async () => {
    const stub = await ensureUser(context, 'ada')
    const ada = await create({ id: 'ada', email: 'ada@acme.test' })
    expect(ada).toMatchObject({ email: 'ada@acme.test', createdAt: stub.createdAt })
    await expect(create({ id: 'ada', email: 'other@acme.test' })).rejects.toMatchObject({
      code: 'user_exists',
    })
  })
})

describe('users written at the same time', () => {
  test('lose no change to one another', async () => {
    const { id } = await create({})
    const keys = ['a', 'b', 'c', 'd']
    await Promise.all(keys.map((key) => update(id, { metadata: { [key]: key } })))
    expect(Object.keys((await findUser(store, { id }))?.metadata ?? {}).sort()).toEqual(keys)
  })

  test('give up when others are always faster', async () => {
    const { id } = await create({})
    const { open } = watchedStore(
      async () => store,
      async (method, call) => (method === 'append' ? { kind: 'conflict', revision: 9 } : call()),
    )
    const contended = { ...context, store: await open() }
    await expect(updateUser(contended, id, {})).rejects.toMatchObject({ code: 'write_contended' })
  })
})

describe('deleting a user', () => {
  let engine: EmbeddedEngine
  let ada: User
  const members = async () =>
    (await store.lookup('membership_user', ada.id, { limit: 9 })).map(({ shard }) => shard)
  const remove = () => deleteUser(context, ada.id, (id, ref) => engine.deleteMembership(id, ref))

  beforeEach(async () => {
    const shared = memoryStore()
    store = await shared()
    context = { ...context, store }
    engine = await openEngine({ store: shared, model })
    ada = await create({ id: 'ada', email: 'ada@acme.test' })
    for (const organizationId of [acme, globex]) {
      await engine.createOrganization({ id: organizationId, name: organizationId })
      await engine.createMembership({ organizationId, userId: ada.id })
    }
    await engine.createMembership({ organizationId: acme, userId: 'user_ann', id: ann.membershipId })
  })

  test('deletes her memberships in every organization with all they hold, and nobody else', async () => {
    const accountant = { organizationId: acme, role: 'accountant' }
    for (const subject of [{ userId: ada.id }, ann]) await engine.assignRole({ ...accountant, subject })
    expect(await may(engine, { userId: ada.id }, 'billing:manage')).toBe('allow')
    await remove()
    expect(await may(engine, { userId: ada.id }, 'billing:manage')).toBe('membership_unknown')
    expect(await may(engine, ann, 'billing:manage')).toBe('allow')
    expect(await members()).toEqual([])
    expect(await findUser(store, { id: ada.id })).toBeUndefined()
    expect(await findUser(store, { email: 'ada@acme.test' })).toBeUndefined()
  })

  test('can be begun again where it failed', async () => {
    const failing = deleteUser(context, ada.id, async (id, ref) => {
      if (id === globex) throw new Error('the disk is full')
      await engine.deleteMembership(id, ref)
    })
    await expect(failing).rejects.toThrow('the disk is full')
    expect(await members()).toEqual([globex])
    expect(await findUser(store, { id: ada.id })).toEqual(ada)
    await remove()
    expect(await members()).toEqual([])
    await expect(remove()).rejects.toMatchObject({ code: 'user_not_found' })
  })

  test('by two at once is done once', async () => {
    const both = await Promise.allSettled([remove(), remove()])
    expect(both.map(({ status }) => status)).toContain('fulfilled')
    expect(await members()).toEqual([])
    expect(await findUser(store, { id: ada.id })).toBeUndefined()
  })

  test('leaves her email to the next one, and what she held to nobody', async () => {
    await remove()
    const again = await create({ id: 'ada', email: 'ada@acme.test' })
    expect(again.createdAt).not.toBe(ada.createdAt)
    expect(await may(engine, { userId: 'ada' }, 'billing:manage')).toBe('membership_unknown')
  })
})
