import type { MembershipId, OrganizationId } from '@bailiwick/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { request } from './request.js'
import { type StartedServer, startServer } from './start-server.js'

let server: StartedServer
let nowMs: number
let organizationId: OrganizationId
beforeEach(async () => {
  nowMs = Date.parse('2026-05-01T00:00:00.000Z')
  server = await startServer({ clock: () => nowMs })
  organizationId = (await server.engine.createOrganization({ name: 'Acme' })).value.id
})
afterEach(() => server.close())

interface Told {
  readonly id: string
  readonly event: string
  readonly data: Readonly<Record<string, unknown>>
}

const list = (query: Readonly<Record<string, string>>) =>
  request(server, { path: `/events?${new URLSearchParams({ limit: '100', ...query })}` })
const events = async (query: Readonly<Record<string, string>> = {}) =>
  (await list(query)).json.data as readonly Told[]
const groupsNamed = (told: readonly Told[]) => told.map(({ data }) => data.name)
const makeGroup = async (name: string) => (await server.engine.createGroup({ organizationId, name })).value.id

describe('events', () => {
  test('are the same whenever they are asked for', async () => {
    await makeGroup('Crew')
    const before = await events()
    await makeGroup('Other')
    expect((await events()).slice(0, before.length)).toEqual(before)
  })

  test('of one instant: what is made and changed at once is told as made, then as changed', async () => {
    const id = await makeGroup('Crew')
    await server.engine.renameGroup(organizationId, id, { name: 'Team' })
    await server.engine.renameGroup(organizationId, id, { name: 'Club' })
    const told = await events({ events: 'group.created,group.updated' })
    expect(told.map(({ event, data }) => [event, data.name])).toEqual([
      ['group.created', 'Crew'],
      ['group.updated', 'Team'],
      ['group.updated', 'Club'],
    ])
  })

  test('of one commit keep the order of its changes', async () => {
    for (const name of ['a', 'b', 'c']) await makeGroup(name)
    await server.engine.deleteOrganization(organizationId)
    const forwards = await events({ events: 'group.deleted,organization.deleted' })
    expect(forwards).toHaveLength(4)
    expect(await events({ events: 'group.deleted,organization.deleted', order: 'desc' })).toEqual(
      forwards.toReversed(),
    )
    const page = await events({ events: 'group.deleted,organization.deleted', after: forwards[1]?.id ?? '' })
    expect(page).toEqual(forwards.slice(2))
  })

  test('come latest first where that is asked for, page by page', async () => {
    for (let index = 0; index < 5; index++) await makeGroup(`${index}`)
    const query = { events: 'group.created', order: 'desc', limit: '2' }
    const first = await list(query)
    expect(groupsNamed(first.json.data)).toEqual(['4', '3'])
    const second = await list({ ...query, after: first.json.list_metadata.after })
    expect(groupsNamed(second.json.data)).toEqual(['2', '1'])
    const third = await list({ ...query, after: second.json.list_metadata.after })
    expect(groupsNamed(third.json.data)).toEqual(['0'])
    expect(third.json.list_metadata).toEqual({ before: null, after: null })
  })

  test('lie within a range, latest first as well', async () => {
    for (const name of ['a', 'b', 'c', 'd']) {
      nowMs += 1_000
      await makeGroup(name)
    }
    const range = { range_start: '2026-05-01T00:00:02Z', range_end: '2026-05-01T00:00:03.000Z' }
    expect(groupsNamed(await events({ events: 'group.created', ...range }))).toEqual(['b', 'c'])
    expect(groupsNamed(await events({ events: 'group.created', order: 'desc', ...range }))).toEqual([
      'c',
      'b',
    ])
  })

  test('tell what a thing was that is gone, however long ago it was touched last', async () => {
    const id = await makeGroup('Old')
    const other = await makeGroup('Busy')
    for (let index = 0; index < 1_200; index++)
      await server.engine.renameGroup(organizationId, other, { name: `Busy ${index}` })
    await server.engine.deleteGroup(organizationId, id)
    await server.engine.deleteGroup(organizationId, other)
    expect(groupsNamed(await events({ events: 'group.deleted' }))).toEqual(['Old', 'Busy 1199'])
  })

  test('tell two lives of one id apart', async () => {
    const id = 'om_given' as MembershipId
    for (const userId of ['user_ada', 'user_ben']) {
      await server.engine.createMembership({ organizationId, userId, id })
      await server.engine.deleteMembership(organizationId, { membershipId: id })
    }
    const told = await events({ events: 'organization_membership.deleted' })
    expect(told.map(({ data }) => data.user_id)).toEqual(['user_ada', 'user_ben'])
  })

  test('tell one id in two organizations apart, also where all of it is of one instant', async () => {
    const id = 'om_given' as MembershipId
    const { value: other } = await server.engine.createOrganization({ name: 'Globex' })
    for (const [home, userId] of [
      [organizationId, 'user_ada'],
      [other.id, 'user_ben'],
    ] as const) {
      await server.engine.createMembership({ organizationId: home, userId, id })
      await server.engine.deleteMembership(home, { membershipId: id })
    }
    const told = await events({
      events: ['created', 'updated', 'deleted'].map((verb) => `organization_membership.${verb}`).join(','),
    })
    expect(told.map(({ event, data }) => [event.split('.')[1], data.user_id])).toEqual([
      ['created', 'user_ada'],
      ['deleted', 'user_ada'],
      ['created', 'user_ben'],
      ['deleted', 'user_ben'],
    ])
    const theirs = await events({ organization_id: other.id, events: 'organization_membership.deleted' })
    expect(theirs.map(({ data }) => data.user_id)).toEqual(['user_ben'])
  })

  test('of the last instant of a range are all told, however many there are', async () => {
    for (let index = 0; index < 210; index++) await makeGroup(`${index}`)
    const { value: last } = await server.engine.createOrganization({ name: 'Last' })
    const range_end = new Date(nowMs).toISOString()
    nowMs += 1
    await server.engine.createOrganization({ name: 'Later' })
    const told = await events({ events: 'organization.created', range_end })
    expect(told.map(({ data }) => data.name)).toEqual(['Acme', last.name])
  })

  test('tell of resources, and of who is given what on them', async () => {
    const { engine } = server
    const { value: ann } = await engine.createMembership({ organizationId, userId: 'user_ann' })
    const { value: type } = await engine.createResourceType({ slug: 'project' })
    await engine.createRole({ slug: 'editor', on: type.slug })
    const project = { type: 'project', externalId: 'web' }
    const { value: web } = await engine.createResource({ organizationId, ...project, name: 'Web' })
    nowMs += 1
    await engine.renameResource(organizationId, project, { name: 'Website' })
    const { value: given } = await engine.assignRole({
      organizationId,
      subject: { membershipId: ann.id },
      role: 'editor',
      resource: project,
    })
    await engine.deleteResource(organizationId, project, { cascade: true })
    const told = await events({
      events: [
        ...['resource.created', 'resource.updated', 'resource.deleted'],
        ...['role_assignment.created', 'role_assignment.deleted'],
      ].join(','),
    })
    const assignment = {
      object: 'role_assignment',
      id: given.id,
      organization_id: organizationId,
      subject: { type: 'organization_membership', id: ann.id },
      role: { slug: 'editor' },
      resource: { id: web.id, external_id: 'web', resource_type_slug: 'project' },
    }
    expect(told.map(({ event, data }) => [event, data]).slice(1)).toMatchObject([
      ['resource.created', { object: 'authorization_resource', external_id: 'web', name: 'Web' }],
      ['resource.updated', { name: 'Website' }],
      ['role_assignment.created', assignment],
      ['role_assignment.deleted', assignment],
      ['resource.deleted', { name: 'Website', id: web.id }],
    ])
  })

  test('name a role that is gone by now as it was called', async () => {
    const { engine } = server
    await engine.createRole({ slug: 'clerk' })
    await engine.createOrganizationRole({ organizationId, name: 'Chief', slug: 'org-chief' })
    const { value: member } = await engine.createMembership({
      organizationId,
      userId: 'user_ada',
      roles: ['clerk'],
    })
    const set = (...roles: string[]) =>
      engine.setMembershipRoles(organizationId, { membershipId: member.id }, roles)
    await set('org-chief')
    await set()
    await engine.deleteRole('clerk')
    await engine.deleteOrganizationRole(organizationId, 'org-chief')
    const told = await events({ events: 'organization_membership.created,organization_membership.updated' })
    expect(told.map(({ data }) => data.role)).toEqual([{ slug: 'clerk' }, { slug: 'org-chief' }, null])
  })

  test.each([
    ['a place that is none', { after: 'group_01J9ZX0V8Q7Z5K3M2N1P0R4S6T' }, 'cursor_invalid'],
    ['a place with a digit too many', { after: `event_${'0'.repeat(27)}` }, 'cursor_invalid'],
    ['a limit beyond 100', { limit: '101' }, 'request_invalid'],
    ['a start that is no time', { range_start: 'yesterday' }, 'request_invalid'],
    ['an order that we do not know', { order: 'normal' }, 'request_invalid'],
  ])('are refused with %s', async (_, query, reason) => {
    expect(await list(query)).toMatchObject({ status: 422, json: { reason } })
  })
})
