import type { OrganizationId } from '@bailiwick/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { request } from '../server/request.js'
import { type DecisionPoint, records, startDecisionPoint } from './record-keeping.js'

const others = 'org_others' as OrganizationId

let point: DecisionPoint
beforeAll(async () => {
  point = await startDecisionPoint()
  await point.engine.createOrganization({ id: others, name: 'Others' })
  await point.engine.createResource({
    organizationId: others,
    type: 'record',
    externalId: 'record-1',
    name: 'Record 1',
  })
  await point.engine.createMembership({ organizationId: others, userId: 'bob' })
})
afterAll(() => point.close())

const record1 = { type: 'record', id: 'record-1' }
const aliceReads = { subject: { type: 'user', id: 'alice' }, action: { name: 'read' }, resource: record1 }
const inRecords = { organization_id: records }

describe('the organization of a question', () => {
  test.each([
    ['in the resource', { ...aliceReads, resource: { ...record1, properties: inRecords } }],
    ['in the context', { ...aliceReads, context: inRecords }],
    ['in both', { ...aliceReads, resource: { ...record1, properties: inRecords }, context: inRecords }],
  ])('is said %s', async (_, body) => {
    expect((await point.askAny('evaluation', body)).json).toEqual({ decision: true })
  })

  test('decides which record of that id is meant, and whose membership', async () => {
    const bobReads = { ...aliceReads, subject: { type: 'user', id: 'bob' } }
    const ask = async (organization_id: string) =>
      (await point.askAny('evaluation', { ...bobReads, context: { organization_id } })).json
    expect(await ask(records)).toEqual({ decision: true })
    expect(await ask(others)).toEqual({ decision: false, context: { reason: 'no_grant' } })
    expect(await ask('org_nowhere')).toEqual({
      decision: false,
      context: { reason: 'organization_unknown' },
    })
  })

  test.each([
    ['nowhere', aliceReads],
    [
      'in two places, differently',
      {
        ...aliceReads,
        resource: { ...record1, properties: inRecords },
        context: { organization_id: others },
      },
    ],
    ['as no id of an organization', { ...aliceReads, context: { organization_id: 'records' } }],
    ['as a number', { ...aliceReads, context: { organization_id: 7 } }],
  ])('must not be said %s', async (_, body) => {
    expect(await point.askAny('evaluation', body)).toMatchObject({ status: 400, json: expect.any(String) })
    const { json } = await point.askAny('evaluations', { evaluations: [body] })
    expect(json.evaluations).toMatchObject([{ decision: false, context: { error: { status: 400 } } }])
  })

  test('must not be another than that of the decision point', async () => {
    const body = { ...aliceReads, context: { organization_id: others } }
    expect((await point.ask('evaluation', body)).status).toBe(400)
    expect((await point.ask('evaluation', { ...aliceReads, context: inRecords })).status).toBe(200)
  })

  test('is that of a membership, which is in no other', async () => {
    const alice = await point.engine.findMembership(records, { userId: 'alice' })
    const body = { ...aliceReads, subject: { type: 'organization_membership', id: alice?.id } }
    expect((await point.askAny('evaluation', body)).json).toEqual({ decision: true })
    const elsewhere = { ...body, context: { organization_id: others } }
    expect((await point.askAny('evaluation', elsewhere)).json).toEqual({
      decision: false,
      context: { reason: 'membership_unknown' },
    })
  })

  test('is itself a resource', async () => {
    const resource = { type: 'organization', id: records }
    const body = { subject: { type: 'user', id: 'alice' }, action: { name: 'read' }, resource }
    expect((await point.askAny('evaluation', body)).json).toEqual({
      decision: false,
      context: { reason: 'no_grant' },
    })
  })
})

describe('a subject', () => {
  test('may be a group, a membership or an agent', async () => {
    const { engine } = point
    const resource = { type: 'record', externalId: 'record-1' }
    const { value: group } = await engine.createGroup({ organizationId: records, name: 'Readers' })
    const robot = await engine.findResource(records, { type: 'robot', externalId: 'r2' })
    for (const subject of [{ groupId: group.id }, { agent: { type: 'robot', externalId: 'r2' } }]) {
      await engine.assignRole({ organizationId: records, subject, role: 'reader', resource })
    }
    for (const subject of [
      { type: 'group', id: group.id },
      { type: 'agent', id: robot?.id },
      { type: 'robot', id: 'r2' },
    ]) {
      const { json } = await point.ask('evaluation', { ...aliceReads, subject })
      expect(json).toEqual({ decision: true })
      const writes = await point.ask('evaluation', { ...aliceReads, subject, action: { name: 'write' } })
      expect(writes.json.decision).toBe(false)
      const found = await point.ask('search/subject', { ...aliceReads, subject: { type: subject.type } })
      expect(found.json.results).toEqual([subject])
    }
  })

  test('of a type that is able to act is found under that type only', async () => {
    for (const type of ['robot', 'droid']) {
      await point.engine.assignRole({
        organizationId: records,
        subject: { agent: { type, externalId: type === 'robot' ? 'r2' : 'd6' } },
        role: 'reader',
        resource: { type: 'record', externalId: 'record-2' },
      })
    }
    const find = async (type: string) => {
      const body = {
        subject: { type },
        action: { name: 'read' },
        resource: { type: 'record', id: 'record-2' },
      }
      return (await point.ask('search/subject', body)).json.results
    }
    expect(await find('robot')).toEqual([{ type: 'robot', id: 'r2' }])
    expect(await find('droid')).toEqual([{ type: 'droid', id: 'd6' }])
    expect(await find('agent')).toHaveLength(2)
  })

  test.each([
    ['user', 'nobody', 'membership_unknown'],
    ['user', 'x'.repeat(129), 'subject_unknown'],
    ['group', 'group_9', 'group_unknown'],
    ['group', '__proto__', 'subject_unknown'],
    ['organization_membership', 'om_9', 'membership_unknown'],
    ['agent', 'authz_resource_9', 'agent_unknown'],
    ['robot', 'c3', 'agent_unknown'],
    ['record', 'record-1', 'subject_type_unknown'],
    ['constructor', 'x', 'subject_type_unknown'],
  ])('of type %s and id %s is a no', async (type, id, reason) => {
    const { status, json } = await point.ask('evaluation', { ...aliceReads, subject: { type, id } })
    expect(status).toBe(200)
    expect(json).toEqual({ decision: false, context: { reason } })
  })
})

describe('what is not there', () => {
  test.each([
    ['a record', { resource: { type: 'record', id: 'record-9' } }, 'resource_unknown'],
    ['a type', { resource: { type: 'planet', id: 'mars' } }, 'resource_unknown'],
    ['an id that none can have', { resource: { type: 'record', id: 'é' } }, 'resource_unknown'],
    ['an action', { action: { name: 'paint' } }, 'permission_unknown'],
    ['a wildcard', { action: { name: '*' } }, 'permission_unknown'],
    ['an action with a space behind it', { action: { name: 'read ' } }, 'permission_unknown'],
  ])('%s is a no', async (_, change, reason) => {
    const { status, json } = await point.ask('evaluation', { ...aliceReads, ...change })
    expect(status).toBe(200)
    expect(json).toEqual({ decision: false, context: { reason } })
  })
})

describe('discovery', () => {
  const read = (path: string, server = point) => request(server, { path, key: null })

  test('needs no key, and names the address under which it was found', async () => {
    const answer = await read('/.well-known/authzen-configuration')
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    expect(answer.json).toEqual({
      policy_decision_point: point.url,
      access_evaluation_endpoint: `${point.url}/access/v1/evaluation`,
      access_evaluations_endpoint: `${point.url}/access/v1/evaluations`,
      search_subject_endpoint: `${point.url}/access/v1/search/subject`,
      search_resource_endpoint: `${point.url}/access/v1/search/resource`,
      search_action_endpoint: `${point.url}/access/v1/search/action`,
    })
  })

  test('leads to a decision point of each organization, by its own address', async () => {
    const { json } = await read(`/.well-known/authzen-configuration/organizations/${records}`)
    const base = `${point.url}/organizations/${records}`
    expect(json.policy_decision_point).toBe(base)
    const { pathname } = new URL(json.access_evaluation_endpoint)
    const answer = await request(point, { method: 'POST', path: pathname, body: aliceReads })
    expect(answer.json).toEqual({ decision: true })
  })

  test('tells the public address where there is one, whatever the request says of itself', async () => {
    const named = await startDecisionPoint({ publicUrl: 'https://pdp.example.com/' })
    try {
      const { json } = await request(named, {
        path: '/.well-known/authzen-configuration',
        key: null,
        headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
      })
      expect(json.policy_decision_point).toBe('https://pdp.example.com')
      for (const url of Object.values(json)) expect(url).toMatch(/^https:\/\/pdp\.example\.com(\/access|$)/)
    } finally {
      await named.close()
    }
  })
})
