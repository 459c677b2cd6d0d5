import type { OrganizationId } from '@bailiwick/core'
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

interface Entry {
  readonly id: string
  readonly action: string
  readonly actor: { readonly type: string; readonly id: string; readonly name: string | null } | null
  readonly targets: readonly { readonly type: string; readonly id: string }[]
  readonly before: Readonly<Record<string, unknown>> | null
  readonly after: Readonly<Record<string, unknown>> | null
}

type Query = Readonly<Record<string, string>>
const list = (query: Query = {}) => request(server, { path: `/audit_logs?${new URLSearchParams(query)}` })
const entries = async (query: Query = {}) =>
  (await list({ limit: '100', order: 'asc', ...query })).json.data as readonly Entry[]
const groupNames = (told: readonly Entry[]) => told.map(({ after, before }) => (after ?? before)?.name)
const by = (id: string) => server.engine.as({ actor: { type: 'user', id, name: id.toUpperCase() } })
const makeGroup = (name: string) => server.engine.createGroup({ organizationId, name })

describe('the audit log', () => {
  test('says who did what, and what was there before and after', async () => {
    const { value: group } = await by('ann').createGroup({ organizationId, name: 'Crew' })
    nowMs += 1
    await by('ben').renameGroup(organizationId, group.id, { name: 'Team', description: 'All of us' })
    await by('ben').deleteGroup(organizationId, group.id)
    const stored = { id: group.id, organization_id: organizationId, created_at: group.createdAt }
    const [crew, team] = [
      { ...stored, name: 'Crew', description: null, updated_at: group.createdAt },
      { ...stored, name: 'Team', description: 'All of us', updated_at: '2026-05-01T00:00:00.001Z' },
    ]
    const common = { object: 'audit_log_entry', organization_id: organizationId, reason: null }
    const target = { type: 'group', id: group.id }
    expect(await entries({ actions: 'group' })).toMatchObject([
      {
        ...common,
        action: 'group.created',
        actor: { id: 'ann' },
        targets: [target],
        before: null,
        after: crew,
      },
      {
        ...common,
        action: 'group.updated',
        actor: { id: 'ben' },
        targets: [target],
        before: crew,
        after: team,
      },
      {
        ...common,
        action: 'group.deleted',
        actor: { id: 'ben' },
        targets: [target],
        before: team,
        after: null,
      },
    ])
  })

  test('is exact about what was made and changed in one instant, and about what came again under its id', async () => {
    const { engine } = server
    const { value: ann } = await engine.createMembership({ organizationId, userId: 'user_ann' })
    const { value: crew } = await makeGroup('Crew')
    const member = { membershipId: ann.id }
    await engine.renameGroup(organizationId, crew.id, { name: 'Team' })
    await engine.renameGroup(organizationId, crew.id, { name: 'Club' })
    for (let round = 0; round < 2; round++) {
      await engine.addGroupMember(organizationId, crew.id, member)
      await engine.removeGroupMember(organizationId, crew.id, member)
    }
    const told = await entries({ target_id: crew.id })
    expect(told.map(({ action, before, after }) => [action, before?.name, after?.name])).toEqual([
      ['group.created', undefined, 'Crew'],
      ['group.updated', 'Crew', 'Team'],
      ['group.updated', 'Team', 'Club'],
      ...Array(2)
        .fill([
          ['group.member_added', undefined, undefined],
          ['group.member_removed', undefined, undefined],
        ])
        .flat(),
    ])
    const joined = await entries({ target_id: ann.id, actions: 'group' })
    expect(joined).toEqual(told.slice(3))
    expect(joined.map(({ before, after }) => [before === null, after === null])).toEqual([
      [true, false],
      [false, true],
      [true, false],
      [false, true],
    ])
  })

  test('covers everything that goes with an organization, the environment, and users', async () => {
    const { engine } = server
    await engine.createRole({ slug: 'auditor' })
    await engine.updateRole('auditor', { name: 'Auditor' })
    const { value: user } = await engine.createUser({
      email: 'ada@acme.example',
      metadata: { camelCase: '1' },
    })
    await makeGroup('Crew')
    await engine.deleteOrganization(organizationId)
    const told = await entries()
    expect(told.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['settings.created', 'role.created', 'role.updated', 'user.created']),
    )
    expect(told.filter(({ action }) => action.endsWith('.deleted')).every(({ before }) => before)).toBe(true)
    const [made] = await entries({ target_id: user.id })
    expect(made).toMatchObject({
      organization_id: null,
      after: { email_verified: false, metadata: { camelCase: '1' } },
    })
    expect(await entries({ organization_id: organizationId, actions: 'group' })).toHaveLength(2)
  })

  test('finds what concerns somebody, what somebody did, and when', async () => {
    const { engine } = server
    const { value: ann } = await engine.createMembership({ organizationId, userId: 'user_ann' })
    await engine.createRole({ slug: 'helper' })
    nowMs += 60_000
    await by('ben').assignRole({ organizationId, subject: { membershipId: ann.id }, role: 'helper' })
    await makeGroup('Crew')
    const actions = (told: readonly Entry[]) => told.map(({ action }) => action)
    expect(actions(await entries({ target_id: ann.id }))).toEqual([
      'organization_membership.created',
      'role_assignment.created',
    ])
    expect(actions(await entries({ actor_id: 'ben' }))).toEqual(['role_assignment.created'])
    expect(actions(await entries({ actor_type: 'user', actor_id: 'ann' }))).toEqual([])
    expect(actions(await entries({ range_start: '2026-05-01T00:01:00Z' }))).toEqual([
      'role_assignment.created',
      'group.created',
    ])
    expect(actions(await entries({ range_end: '2026-05-01T00:01:00Z', actions: 'group' }))).toEqual([
      'group.created',
    ])
    expect(await entries({ range_end: '2026-05-01T00:00:59Z', actions: 'group' })).toEqual([])
    expect(await entries({ organization_id: 'org_other' })).toEqual([])
  })

  test('finds what somebody did under the key by which it came, too', async () => {
    const actor = { type: 'user', id: 'ann' }
    const via = { type: 'api_key', id: 'api_key_shop' }
    await server.engine.as({ actor, via }).createGroup({ organizationId, name: 'Crew' })
    await server.engine.as({ actor }).createGroup({ organizationId, name: 'Club' })
    expect(groupNames(await entries({ actor_id: 'ann' }))).toEqual(['Crew', 'Club'])
    expect(groupNames(await entries({ actor_type: 'api_key', actor_id: 'api_key_shop' }))).toEqual(['Crew'])
    expect(await entries({ actor_type: 'api_key', actor_id: 'ann' })).toEqual([])
  })

  test('is paged in both directions, newest first', async () => {
    for (let n = 0; n < 7; n++) await makeGroup(`${n}`)
    const page = async (query: Query) => {
      const { json } = await list({ limit: '3', actions: 'group.created', ...query })
      return { names: groupNames(json.data), ...(json.list_metadata as { before: string; after: string }) }
    }
    const first = await page({})
    expect([first.names, first.before]).toEqual([['6', '5', '4'], null])
    const second = await page({ after: first.after })
    expect(second.names).toEqual(['3', '2', '1'])
    const third = await page({ after: second.after })
    expect([third.names, third.after]).toEqual([['0'], null])
    expect((await page({ before: third.before })).names).toEqual(['3', '2', '1'])
    expect(await page({ before: second.before })).toMatchObject({ names: ['6', '5', '4'], before: null })
    await makeGroup('7')
    expect((await page({ before: first.names && second.before, limit: '1' })).names).toEqual(['4'])
    expect((await page({ order: 'asc', limit: '2' })).names).toEqual(['0', '1'])
  })

  test('is for keys with the scope `admin`', async () => {
    const { secret } = await server.server.keys.create({ name: 'reader', scopes: ['write'] })
    for (const path of ['/audit_logs', '/audit_logs/export']) {
      expect(await request(server, { path, key: secret })).toMatchObject({ status: 403 })
    }
    const [after, before] = [`audit_${'0'.repeat(26)}`, `audit_${'1'.repeat(26)}`]
    expect(await list({ after, before })).toMatchObject({ status: 422, json: { reason: 'cursor_invalid' } })
    expect(await list({ after: 'event_0' })).toMatchObject({
      status: 422,
      json: { reason: 'cursor_invalid' },
    })
  })

  test('is exported whole, with the head of the chain at its end', async () => {
    for (let n = 0; n < 450; n++)
      await by(n % 2 === 0 ? 'ann' : 'ben').createGroup({ organizationId, name: `${n}` })
    const lines = async (query: string) => {
      const answer = await fetch(`${server.url}/audit_logs/export${query}`, {
        headers: { authorization: `Bearer ${server.apiKey}` },
      })
      return (await answer.text())
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
    }
    const [head, ...rest] = await lines('')
    const end = rest.pop()
    expect(head).toEqual({ format: 'bailiwick-audit-log', version: 1, store: server.engine.changes.id })
    const position = await server.engine.changes.lastPosition()
    const [last] = await server.engine.changes.links({ after: position - 1, limit: 1 })
    expect(end).toEqual({ end: rest.length, position, head: last?.hash })
    expect(groupNames(rest.filter(({ action }) => action === 'group.created'))).toHaveLength(450)
    expect(await lines('?actor_id=ann')).toHaveLength(227)

    // All of it is of one instant, the first and the last of a range.
    const now = new Date(nowMs).toISOString()
    expect(await lines(`?range_end=${now}`)).toHaveLength(rest.length + 2)
    await server.engine.createRole({ slug: 'last' })
    expect(await entries({ actions: 'role', range_end: now })).toHaveLength(1)
    const first = await entries({ actions: 'organization', order: 'desc', range_start: now })
    expect(first.map(({ action }) => action)).toEqual(['organization.created'])
  })
})
