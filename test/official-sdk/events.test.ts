import type { MembershipId, OrganizationId } from '@bailiwick/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { model } from './acme.js'
import { sdks, sdksWith } from './sdks.js'
import { type SdkSession, startSdk } from './start-sdk.js'

describe.each(sdks)('events, SDK $version', (sdk) => {
  let session: SdkSession
  let nowMs: number
  let organizationId: OrganizationId
  beforeEach(async () => {
    nowMs = Date.parse('2026-05-01T00:00:00.000Z')
    session = await startSdk(sdk, { model, clock: () => nowMs })
    organizationId = (await session.engine.createOrganization({ name: 'Acme', externalId: 'acme' })).value.id
  })
  afterEach(() => session.close())

  type ListOptions = Parameters<SdkSession['workos']['events']['listEvents']>[0]
  const list = (events: readonly string[], options: object = {}) =>
    session.workos.events.listEvents({ events, limit: 100, ...options } as unknown as ListOptions)
  const told = async (events: readonly string[], options: object = {}) =>
    (await list(events, options)).data.map(({ event, data }) => ({ event, data }))
  const join = async (userId: string) =>
    (await session.engine.createMembership({ organizationId, userId })).value.id
  /** One millisecond, so that what is done next is not done at the same instant. */
  const later = () => {
    nowMs += 1
  }

  test('tell of an organization from its beginning to its end, with all that it was', async () => {
    later()
    await session.engine.updateOrganization(organizationId, { name: 'Acme Ltd', metadata: { tier: 'gold' } })
    later()
    await session.engine.deleteOrganization(organizationId)
    const names = ['organization.created', 'organization.updated', 'organization.deleted']
    const { data } = await list(names)
    expect(data.map(({ event }) => event)).toEqual(names)
    expect(data[0]).toMatchObject({
      id: expect.stringMatching(/^event_[0-9A-Z]{26}$/),
      createdAt: '2026-05-01T00:00:00.000Z',
      data: { object: 'organization', id: organizationId, name: 'Acme', externalId: 'acme', domains: [] },
    })
    expect(data[1]?.data).toMatchObject({ name: 'Acme Ltd', metadata: { tier: 'gold' } })
    expect(data[2]?.data).toMatchObject({ id: organizationId, name: 'Acme Ltd', metadata: { tier: 'gold' } })
  })

  test('tell of a membership, of its roles by slug, and of its end with the organization', async () => {
    const id = await join('user_ada')
    await session.engine.setMembershipRoles(organizationId, { membershipId: id }, ['admin'])
    await session.engine.deleteOrganization(organizationId)
    const names = ['created', 'updated', 'deleted'].map((verb) => `organization_membership.${verb}`)
    expect(await told(names)).toEqual([
      { event: names[0], data: expect.objectContaining({ id, role: { slug: 'member' } }) },
      { event: names[1], data: expect.objectContaining({ id, role: { slug: 'admin' } }) },
      {
        event: names[2],
        data: expect.objectContaining({ id, role: { slug: 'admin' }, organizationName: 'Acme' }),
      },
    ])
  })

  test('tell of groups and who comes and goes', async () => {
    const member: MembershipId = await join('user_ada')
    const { value: group } = await session.engine.createGroup({ organizationId, name: 'Crew' })
    await session.engine.addGroupMember(organizationId, group.id, { membershipId: member })
    await session.engine.removeGroupMember(organizationId, group.id, { membershipId: member })
    await session.engine.renameGroup(organizationId, group.id, { name: 'Team' })
    await session.engine.deleteGroup(organizationId, group.id)
    const names = [
      'group.created',
      'group.member_added',
      'group.member_removed',
      'group.updated',
      'group.deleted',
    ]
    const { data } = await session.workos.events.listEvents({ events: names } as unknown as ListOptions)
    // The older release makes nothing of an event that it does not know.
    const knowsGroups = sdksWith('groups.createGroup').includes(sdk)
    expect(data.map((told) => told?.event)).toEqual(names.map((name) => (knowsGroups ? name : undefined)))
    if (knowsGroups) expect(data[4]?.data).toMatchObject({ id: group.id, name: 'Team' })
  })

  test('tell of users, also of those who are gone', async () => {
    const { value: ada } = await session.engine.createUser({ email: 'ada@acme.example' })
    await session.engine.updateUser(ada.id, { firstName: 'Ada' })
    await session.engine.deleteUser(ada.id)
    expect(await told(['user.created', 'user.updated', 'user.deleted'])).toEqual([
      { event: 'user.created', data: expect.objectContaining({ id: ada.id, firstName: null }) },
      { event: 'user.updated', data: expect.objectContaining({ id: ada.id, firstName: 'Ada' }) },
      { event: 'user.deleted', data: expect.objectContaining({ id: ada.id, email: 'ada@acme.example' }) },
    ])
  })

  test('tell of roles and permissions, and of a role whose permissions change', async () => {
    const { engine } = session
    await engine.createPermission({ slug: 'audit:read' })
    await engine.createRole({ slug: 'auditor' })
    later()
    await engine.updateRole('auditor', { permissions: { add: ['audit:read'] } })
    later()
    await engine.deletePermission('audit:read')
    await engine.deleteRole('auditor')
    const since = { rangeStart: '2026-05-01T00:00:00.000Z' }
    const ofAuditor = (await told(['role.created', 'role.updated', 'role.deleted'], since)).filter(
      ({ data }) => (data as { readonly slug: string }).slug === 'auditor',
    )
    expect(ofAuditor).toMatchObject([
      { event: 'role.created', data: { permissions: [] } },
      { event: 'role.updated', data: { permissions: ['audit:read'] } },
      { event: 'role.updated', data: { permissions: [] } },
      { event: 'role.deleted', data: { permissions: [] } },
    ])
    expect(await told(['permission.deleted'])).toMatchObject([{ data: { slug: 'audit:read' } }])
  })

  test("tell of an organization's own roles, for that organization", async () => {
    await session.engine.createOrganizationRole({ organizationId, name: 'Clerk', slug: 'org-clerk' })
    const { value: other } = await session.engine.createOrganization({ name: 'Other' })
    const role = { event: 'organization_role.created', data: expect.objectContaining({ slug: 'org-clerk' }) }
    const names = ['organization_role.created', 'role.created']
    expect(await told(names, { organizationId })).toEqual([role])
    expect(await told(names, { organizationId: other.id })).toEqual([])
  })

  test('come in pages, each event once, and go on where somebody stopped', async () => {
    for (let index = 0; index < 7; index++) await join(`user_${index}`)
    const events = ['organization_membership.created']
    const all = (await list(events)).data.map(({ id }) => id)
    expect(new Set(all).size).toBe(7)
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await list(events, { limit: 3, ...(after && { after }) })
      seen.push(...page.data.map(({ id }) => id))
      after = page.listMetadata.after ?? undefined
    } while (after !== undefined)
    expect(seen).toEqual(all)
    await join('user_7')
    expect((await list(events, { after: seen.at(-1) })).data).toHaveLength(1)
  })

  test('lie within the range that is asked for', async () => {
    for (const hour of [1, 2, 3]) {
      nowMs = Date.parse(`2026-06-01T0${hour}:00:00.000Z`)
      await join(`user_${hour}`)
    }
    const users = async (options: object) =>
      (await told(['organization_membership.created'], options)).map(
        ({ data }) => (data as unknown as { readonly userId: string }).userId,
      )
    expect(await users({ rangeStart: '2026-06-01T02:00:00.000Z' })).toEqual(['user_2', 'user_3'])
    expect(await users({ rangeEnd: '2026-06-01T02:00:00.000Z' })).toEqual(['user_1', 'user_2'])
    const middle = { rangeStart: '2026-06-01T01:30:00.000Z', rangeEnd: '2026-06-01T02:30:00.000Z' }
    expect(await users(middle)).toEqual(['user_2'])
    expect(await users({ rangeStart: '2027-01-01' })).toEqual([])
  })

  test('of names that we never tell are none, and no error', async () => {
    expect((await list(['dsync.user.created'])).data).toEqual([])
  })
})
