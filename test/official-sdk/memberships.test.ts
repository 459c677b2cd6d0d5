import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Acme, model, nobody, startAcme } from './acme.js'
import { expectRefusal, invalid, notFound } from './refusal.js'
import { sdks } from './sdks.js'
import { startSdk } from './start-sdk.js'

const role = (code: string) => ({ status: 422, code }) as const

describe.each(sdks)('organization memberships, SDK $version', (sdk) => {
  let acme: Acme
  let users: Acme['workos']['userManagement']
  let organizationId: string
  beforeEach(async () => {
    acme = await startAcme(sdk)
    users = acme.workos.userManagement
    organizationId = acme.organizationId
  })
  afterEach(() => acme.close())

  const join = (userId: string, options: object = {}) =>
    users.createOrganizationMembership({ organizationId, userId, ...options })

  test('are created with the default role', async () => {
    const member = await join('user_ada')
    expect(member).toMatchObject({
      object: 'organization_membership',
      id: expect.stringMatching(/^om_[0-9A-Z]{26}$/),
      userId: 'user_ada',
      organizationId,
      organizationName: 'Acme',
      status: 'active',
      role: { slug: 'member' },
      roles: [{ slug: 'member' }],
      customAttributes: {},
      createdAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
    })
    expect(await users.getOrganizationMembership(member.id)).toEqual(member)
  })

  test('are created with one role, or with several, the one of highest priority first', async () => {
    expect(await join('user_ada', { roleSlug: 'admin' })).toMatchObject({
      role: { slug: 'admin' },
      roles: [{ slug: 'admin' }],
    })
    expect(await join('user_ben', { roleSlugs: ['member', 'admin'] })).toMatchObject({
      role: { slug: 'admin' },
      roles: [{ slug: 'admin' }, { slug: 'member' }],
    })
  })

  test('make a stub of a user of whom nothing is known', async () => {
    await join('auth0|ada')
    expect(await users.getUser('auth0|ada')).toMatchObject({
      id: 'auth0|ada',
      email: '',
      firstName: null,
    })
  })

  test('change their roles, and lose what the former ones gave', async () => {
    const { id } = await join('user_ada', { roleSlug: 'admin' })
    const asks = { organizationMembershipId: id, permissionSlug: 'billing:manage', resourceId: acme.root }
    expect(await acme.workos.authorization.check(asks)).toEqual({ authorized: true })
    const changed = await users.updateOrganizationMembership(id, { roleSlugs: ['member'] })
    expect(changed).toMatchObject({ role: { slug: 'member' }, roles: [{ slug: 'member' }] })
    expect(await acme.workos.authorization.check(asks)).toEqual({ authorized: false })
  })

  test('are deactivated and made active again, with the roles that they had', async () => {
    const { id } = await join('user_ada', { roleSlug: 'admin' })
    const asks = { organizationMembershipId: id, permissionSlug: 'billing:manage', resourceId: acme.root }
    expect(await users.deactivateOrganizationMembership(id)).toMatchObject({ id, status: 'inactive' })
    expect(await acme.workos.authorization.check(asks)).toEqual({ authorized: false })
    expect(await users.reactivateOrganizationMembership(id)).toMatchObject({
      status: 'active',
      role: { slug: 'admin' },
    })
    expect(await acme.workos.authorization.check(asks)).toEqual({ authorized: true })
  })

  test('are taken up again by whoever joins while inactive, under the same id', async () => {
    const { id } = await join('user_ada', { roleSlug: 'admin' })
    await users.deactivateOrganizationMembership(id)
    expect(await join('user_ada')).toMatchObject({ id, status: 'active', role: { slug: 'admin' } })
    await users.deactivateOrganizationMembership(id)
    expect(await join('user_ada', { roleSlug: 'member' })).toMatchObject({ id, role: { slug: 'member' } })
  })

  test('that are pending are neither deactivated nor reactivated, nor made again', async () => {
    const { value } = await acme.engine.createMembership({
      organizationId: acme.organizationId,
      userId: 'user_ada',
      status: 'pending',
    })
    const code = (verb: string) =>
      ({ status: 400, code: `cannot_${verb}_pending_organization_membership` }) as const
    await expectRefusal(sdk, users.deactivateOrganizationMembership(value.id), code('deactivate'))
    await expectRefusal(sdk, users.reactivateOrganizationMembership(value.id), code('reactivate'))
    await expectRefusal(sdk, join('user_ada'), code('reactivate'))
  })

  test('are listed by organization, by user and by status, newest first', async () => {
    const ada = await join('user_ada')
    const ben = await join('user_ben')
    await users.deactivateOrganizationMembership(ben.id)
    const { value: other } = await acme.engine.createOrganization({ name: 'Other' })
    const adaElsewhere = await users.createOrganizationMembership({
      organizationId: other.id,
      userId: 'user_ada',
    })
    const listed = async (options: object) =>
      (await users.listOrganizationMemberships(options as never)).data.map(({ id }) => id)
    expect(await listed({ organizationId })).toEqual([ben.id, ada.id])
    expect(await listed({ organizationId, statuses: ['active', 'pending'] })).toEqual([ada.id])
    expect(await listed({ organizationId, statuses: ['inactive'] })).toEqual([ben.id])
    expect(await listed({ userId: 'user_ada' })).toEqual([adaElsewhere.id, ada.id])
    expect(await listed({ userId: 'user_ada', organizationId })).toEqual([ada.id])
    expect(await listed({ organizationId, limit: 1, order: 'asc', after: ada.id })).toEqual([ben.id])
  })

  test('are listed only of a user or of an organization', async () => {
    const code = 'missing_user_id_or_organization_id'
    await expectRefusal(sdk, users.listOrganizationMemberships({} as never), { status: 400, code })
  })

  test('are gone once deleted, and with them what they held', async () => {
    const { id } = await join('user_ada')
    const web = await acme.place('workspace', 'eng')
    await acme.workos.authorization.assignRole({
      organizationMembershipId: id,
      roleSlug: 'workspace-admin',
      resourceId: web,
    })
    await users.deleteOrganizationMembership(id)
    await expectRefusal(sdk, users.getOrganizationMembership(id), notFound)
    await expectRefusal(sdk, users.deleteOrganizationMembership(id), notFound)
    const again = await join('user_ada')
    const asks = {
      organizationMembershipId: again.id,
      permissionSlug: 'workspace:manage',
      resourceId: web,
    }
    expect(await acme.workos.authorization.check(asks)).toEqual({ authorized: false })
  })

  test('are refused to who is an active member already', async () => {
    const { id } = await join('user_ada')
    await expectRefusal(sdk, join('user_ada', { roleSlug: 'admin' }), {
      status: 409,
      code: 'organization_membership_already_exists',
    })
    expect(await users.getOrganizationMembership(id)).toMatchObject({ role: { slug: 'member' } })
  })

  test.each([
    ['a role that does not exist', { roleSlug: 'owner' }, role('invalid_role')],
    [
      'a role of a resource type',
      { roleSlug: 'workspace-admin' },
      role('sub_resource_scoped_role_not_allowed'),
    ],
    ['one role and several', { roleSlug: 'admin', roleSlugs: ['member'] }, invalid],
    ['no roles at all', { roleSlugs: [] }, invalid],
  ])('are refused with %s, when made and when changed', async (_, options, refusal) => {
    await expectRefusal(sdk, join('user_eve', options), refusal)
    const { id } = await join('user_ada')
    await expectRefusal(sdk, users.updateOrganizationMembership(id, options as never), refusal)
    expect(await users.getOrganizationMembership(id)).toMatchObject({ roles: [{ slug: 'member' }] })
  })

  test('are refused in an organization that does not exist, and leave no user behind', async () => {
    const options = { organizationId: nobody.organization, userId: 'user_eve' }
    await expectRefusal(sdk, users.createOrganizationMembership(options), notFound)
    await expectRefusal(sdk, users.getUser('user_eve'), notFound)
  })

  test('that do not exist cannot be got, changed, deactivated or deleted', async () => {
    const { membership } = nobody
    await expectRefusal(sdk, users.getOrganizationMembership(membership), notFound)
    await expectRefusal(sdk, users.updateOrganizationMembership(membership, { roleSlug: 'admin' }), notFound)
    await expectRefusal(sdk, users.deactivateOrganizationMembership(membership), notFound)
    await expectRefusal(sdk, users.reactivateOrganizationMembership(membership), notFound)
    await expectRefusal(sdk, users.deleteOrganizationMembership(membership), notFound)
  })

  test('have one role where the environment counts one', async () => {
    await acme.engine.changeSettings({ roleMode: 'single' })
    const refusal = role('multiple_roles_not_enabled')
    await expectRefusal(sdk, join('user_ada', { roleSlugs: ['member', 'admin'] }), refusal)
    expect(await join('user_ada', { roleSlugs: ['admin'] })).toMatchObject({ roles: [{ slug: 'admin' }] })
  })

  test('of unknown users are refused where the operator wants that', async () => {
    const strict = await startSdk(sdk, { model, unknownUsers: 'refuse' })
    const { value: organization } = await strict.engine.createOrganization({ name: 'Acme' })
    const { userManagement } = strict.workos
    const options = { organizationId: organization.id, userId: 'user_ada' }
    await expectRefusal(sdk, userManagement.createOrganizationMembership(options), notFound)
    const { id: userId } = await userManagement.createUser({ email: 'ada@acme.example' })
    expect(
      await userManagement.createOrganizationMembership({ organizationId: organization.id, userId }),
    ).toMatchObject({ userId })
    await strict.close()
  })
})
