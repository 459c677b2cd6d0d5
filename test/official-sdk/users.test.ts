import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Acme, startAcme } from './acme.js'
import { expectRefusal, invalid, notFound } from './refusal.js'
import { sdks } from './sdks.js'

describe.each(sdks)('users, SDK $version', (sdk) => {
  let acme: Acme
  let users: Acme['workos']['userManagement']
  beforeEach(async () => {
    acme = await startAcme(sdk)
    users = acme.workos.userManagement
  })
  afterEach(() => acme.close())

  test('are created with all that they have', async () => {
    const user = await users.createUser({
      email: 'ada@acme.example',
      emailVerified: true,
      firstName: 'Ada',
      lastName: 'Lovelace',
      externalId: 'ada-1',
      metadata: { team: 'engines' },
    } as never)
    expect(user).toEqual({
      object: 'user',
      id: expect.stringMatching(/^user_[0-9A-Z]{26}$/),
      email: 'ada@acme.example',
      emailVerified: true,
      // Of the releases, only the newest knows of a whole name.
      ...(sdk.version === '11.0.0' && { name: 'Ada Lovelace' }),
      firstName: 'Ada',
      lastName: 'Lovelace',
      profilePictureUrl: null,
      lastSignInAt: null,
      locale: null,
      externalId: 'ada-1',
      metadata: { team: 'engines' },
      createdAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
      updatedAt: user.createdAt,
    })
    expect(await users.getUser(user.id)).toEqual(user)
    expect(await users.getUserByExternalId('ada-1')).toEqual(user)
  })

  test('change in what is named, and in nothing else', async () => {
    const { id } = await users.createUser({ email: 'ada@acme.example', firstName: 'Ada' })
    const changed = await users.updateUser({ userId: id, lastName: 'Lovelace', metadata: { a: '1', b: '2' } })
    expect(changed).toMatchObject({ email: 'ada@acme.example', firstName: 'Ada', lastName: 'Lovelace' })
    const again = await users.updateUser({ userId: id, metadata: { a: '' } as never })
    expect(again).toMatchObject({ lastName: 'Lovelace', metadata: { b: '2' } })
    expect(await users.getUser(id)).toEqual(again)
  })

  test('are listed: all, by address in any case, by organization', async () => {
    const ada = await users.createUser({ email: 'ada@acme.example' })
    const ben = await users.createUser({ email: 'ben@acme.example' })
    await acme.join(ada.id)
    const listed = async (options?: object) => (await users.listUsers(options)).data.map(({ id }) => id)
    expect(await listed()).toEqual([ben.id, ada.id])
    expect(await listed({ email: 'ADA@acme.example' })).toEqual([ada.id])
    expect(await listed({ email: 'eve@acme.example' })).toEqual([])
    expect(await listed({ organizationId: acme.organizationId })).toEqual([ada.id])
    expect(await listed({ organizationId: acme.organizationId, email: 'ben@acme.example' })).toEqual([])
    const first = await users.listUsers({ limit: 1, order: 'desc' })
    expect(first.listMetadata).toEqual({ before: null, after: ben.id })
    expect(await listed({ limit: 1, order: 'desc', after: ben.id })).toEqual([ada.id])
  })

  test('take their memberships with them when they are deleted', async () => {
    const ada = await users.createUser({ email: 'ada@acme.example' })
    const member = await acme.join(ada.id)
    const { value: other } = await acme.engine.createOrganization({ name: 'Other' })
    const elsewhere = await acme.engine.createMembership({ organizationId: other.id, userId: ada.id })
    const ben = await acme.join('user_ben')
    await users.deleteUser(ada.id)
    await expectRefusal(sdk, users.getUser(ada.id), notFound)
    await expectRefusal(sdk, users.getOrganizationMembership(member), notFound)
    await expectRefusal(sdk, users.getOrganizationMembership(elsewhere.value.id), notFound)
    expect(await users.getOrganizationMembership(ben)).toMatchObject({ id: ben })
    await expectRefusal(sdk, users.deleteUser(ada.id), notFound)
  })

  test('are refused with an address that is taken, in any case', async () => {
    await users.createUser({ email: 'ada@acme.example' })
    const taken = { status: 400, code: 'user_creation_error', exception: 'BadRequestException' } as const
    const error = await expectRefusal(sdk, users.createUser({ email: 'Ada@acme.example' }), taken)
    expect((error as unknown as { errors: unknown[] }).errors).toMatchObject([
      { code: 'email_not_available' },
    ])
  })

  test('are refused under an external id that is taken', async () => {
    await users.createUser({ email: 'ada@acme.example', externalId: 'one' })
    const call = users.createUser({ email: 'ben@acme.example', externalId: 'one' })
    await expectRefusal(sdk, call, { status: 400, code: 'external_id_already_used' })
  })

  test.each([
    ['no address', {}],
    ['an address that is none', { email: 'ada' }],
    ['a name that is too long', { email: 'ada@acme.example', firstName: 'a'.repeat(257) }],
  ])('are refused with %s', async (_, options) => {
    await expectRefusal(sdk, users.createUser(options as never), invalid)
  })

  test('that do not exist cannot be got, changed or deleted', async () => {
    await expectRefusal(sdk, users.getUser('user_nobody'), notFound)
    await expectRefusal(sdk, users.getUserByExternalId('nobody'), notFound)
    await expectRefusal(sdk, users.updateUser({ userId: 'user_nobody', firstName: 'x' }), notFound)
    await expectRefusal(sdk, users.deleteUser('user_nobody'), notFound)
  })
})
