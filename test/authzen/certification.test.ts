import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DecisionPoint, startDecisionPoint } from './record-keeping.js'

// The certification scenario of AuthZEN 1.0, with its requests as they stand there. What is left out of it, and why,
// is told in docs/http-api.md: decisions by the properties that a request brings along.

let point: DecisionPoint
beforeAll(async () => {
  point = await startDecisionPoint()
})
afterAll(() => point.close())

const alice = { type: 'user', id: 'alice' }
const bob = { type: 'user', id: 'bob' }
const read = { name: 'read' }
const write = { name: 'write' }
const record1 = { type: 'record', id: 'record-1' }
const record2 = { type: 'record', id: 'record-2' }
const context = { time: '2025-06-27T18:03-07:00', ip: '192.168.1.1' }
const aliceReads = { subject: alice, action: read, resource: record1 }

describe('Basic Core', () => {
  test.each([
    ['rule 1', aliceReads, true],
    ['rule 2', { ...aliceReads, action: write }, true],
    ['rule 3', { ...aliceReads, subject: bob }, true],
    ['rule 4', { ...aliceReads, subject: bob, action: write }, false],
    ['with a context', { ...aliceReads, context }, true],
    [
      'with properties that nobody needs',
      {
        subject: { ...alice, properties: { department: 'Sales', role: 'manager' } },
        action: { ...read, properties: { method: 'GET' } },
        resource: { ...record1, properties: { status: 'active', owner: 'bob' } },
      },
      true,
    ],
    ['with unknown fields', { ...aliceReads, foo: 'bar', futureField: { nested: true } }, true],
  ])('%s', async (_, body, decision) => {
    const answer = await point.ask('evaluation', body)
    expect(answer).toMatchObject({ status: 200, json: { decision } })
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
  })

  test.each([
    ['no subject', { action: read, resource: record1 }],
    ['no action', { subject: alice, resource: record1 }],
    ['no resource', { subject: alice, action: read }],
    ['a subject without type', { ...aliceReads, subject: { id: 'alice' } }],
    ['a subject without id', { ...aliceReads, subject: { type: 'user' } }],
    ['an action without name', { ...aliceReads, action: {} }],
    ['a resource without type', { ...aliceReads, resource: { id: 'record-1' } }],
    ['a resource without id', { ...aliceReads, resource: { type: 'record' } }],
    ['a subject that is text', { ...aliceReads, subject: 'alice' }],
    ['an action whose name is a number', { ...aliceReads, action: { name: 123 } }],
    ['broken JSON', '{"subject":'],
    ['nothing', undefined],
    ['an array', [aliceReads]],
  ])('%s is a bad request, and the body of the answer is a message', async (_, body) => {
    const answer = await point.ask('evaluation', body)
    expect(answer.status).toBe(400)
    expect(answer.json).toEqual(expect.stringMatching(/\w/))
  })

  test('another content type is a bad request', async () => {
    const headers = { 'content-type': 'text/plain' }
    const answer = await point.ask('evaluation', aliceReads, { headers })
    expect(answer).toMatchObject({ status: 400, json: expect.any(String) })
  })

  test('a missing key is unauthorized', async () => {
    const answer = await point.ask('evaluation', aliceReads, { key: null })
    expect(answer).toMatchObject({ status: 401, json: expect.any(String) })
  })

  test('the request id comes back, also with an error, and one is made where there is none', async () => {
    const headers = { 'x-request-id': 'bfe9eb29-ab87-4ca3-be83-a1d5d8305716' }
    for (const body of [aliceReads, {}]) {
      const answer = await point.ask('evaluation', body, { headers })
      expect(answer.headers['x-request-id']).toBe(headers['x-request-id'])
    }
    expect((await point.ask('evaluation', aliceReads)).headers['x-request-id']).toEqual(expect.any(String))
  })

  test('the same question has the same answer', async () => {
    for (let time = 0; time < 3; time++) {
      expect((await point.ask('evaluation', aliceReads)).json).toEqual({ decision: true })
    }
  })
})

describe('Batch Core', () => {
  test.each([
    [
      'resources of one subject',
      { subject: alice, action: read, evaluations: [{ resource: record1 }, { resource: record2 }] },
      [true, true],
    ],
    [
      'actions, in their order',
      { subject: bob, resource: record1, evaluations: [{ action: read }, { action: write }] },
      [true, false],
    ],
    [
      'questions with nothing in common',
      { evaluations: [aliceReads, { subject: bob, action: write, resource: record1 }] },
      [true, false],
    ],
    [
      'a context of their own',
      {
        subject: alice,
        action: read,
        context,
        evaluations: [{ resource: record1 }, { resource: record2, context: { source: 'batch-override' } }],
      },
      [true, true],
    ],
    [
      'a whole resource in place of the common one',
      { subject: alice, action: write, resource: record1, evaluations: [{}, { resource: record2 }] },
      [true, false],
    ],
    [
      'one that is broken, which is a no',
      {
        subject: alice,
        action: read,
        options: { evaluations_semantic: 'execute_all' },
        evaluations: [{ resource: record1 }, {}],
      },
      [true, false],
    ],
    [
      'parts of the common resource, which is no way to say one',
      { ...aliceReads, evaluations: [{ resource: { id: 'record-2' } }, {}] },
      [false, true],
    ],
    ['no objects', { ...aliceReads, evaluations: ['x', null, 7] }, [false, false, false]],
  ])('%s', async (_, body, decisions) => {
    const { status, json } = await point.ask('evaluations', body)
    expect(status).toBe(200)
    expect(json.evaluations.map(({ decision }: { decision: boolean }) => decision)).toEqual(decisions)
    expect(json).not.toHaveProperty('decision')
  })

  test.each([
    ['missing', aliceReads],
    ['empty', { ...aliceReads, evaluations: [] }],
  ])('with `evaluations` %s, the request itself is the question', async (_, body) => {
    expect((await point.ask('evaluations', body)).json).toEqual({ decision: true })
    const { subject: __, ...broken } = body
    expect((await point.ask('evaluations', broken)).status).toBe(400)
  })

  test('what is broken at the top is a bad request', async () => {
    const evaluations = [{ resource: record1 }]
    for (const body of [
      { subject: 'alice', action: read, evaluations },
      { subject: alice, action: read, evaluations, options: { evaluations_semantic: 'some' } },
      { subject: alice, action: read, evaluations: { 0: {} } },
      { ...aliceReads, evaluations: Array.from({ length: 101 }, () => ({})) },
    ]) {
      expect(await point.ask('evaluations', body)).toMatchObject({ status: 400, json: expect.any(String) })
    }
  })

  test.each([
    ['deny_on_first_deny', [read, write, read], [true, false]],
    ['deny_on_first_deny', [read, read], [true, true]],
    ['permit_on_first_permit', [write, read, write], [false, true]],
    ['permit_on_first_permit', [write, write], [false, false]],
    ['execute_all', [read, write, read], [true, false, true]],
  ])('%s', async (evaluations_semantic, actions, decisions) => {
    const { json } = await point.ask('evaluations', {
      subject: bob,
      resource: record1,
      options: { evaluations_semantic },
      evaluations: actions.map((action) => ({ action })),
    })
    expect(json.evaluations.map(({ decision }: { decision: boolean }) => decision)).toEqual(decisions)
  })

  test('what fails ends where the first no ends, and never where the first yes does', async () => {
    const evaluations = [{}, { resource: record1 }]
    const ask = async (evaluations_semantic: string) => {
      const { json } = await point.ask('evaluations', {
        subject: alice,
        action: read,
        options: { evaluations_semantic },
        evaluations,
      })
      return json.evaluations.map(({ decision }: { decision: boolean }) => decision)
    }
    expect(await ask('deny_on_first_deny')).toEqual([false])
    expect(await ask('permit_on_first_permit')).toEqual([false, true])
  })
})

describe('Search Core', () => {
  test.each([
    ['S1: who reads record-1', 'subject', { subject: { type: 'user' }, action: read, resource: record1 }],
    ['S1 with a context', 'subject', { subject: { type: 'user' }, action: read, resource: record1, context }],
    ['S1 with an id, which is ignored', 'subject', aliceReads],
  ])('%s', async (_, what, body) => {
    const { status, json } = await point.ask(`search/${what}`, body)
    expect(status).toBe(200)
    expect(json.results).toEqual([alice, bob])
    expect(json.page.next_token).toBe('')
  })

  test.each([
    ['S2: what Alice reads', { subject: alice, action: read, resource: { type: 'record' } }],
    ['S2 with a context', { subject: alice, action: read, resource: { type: 'record' }, context }],
    ['S2 with an id, which is ignored', aliceReads],
  ])('%s', async (_, body) => {
    expect((await point.ask('search/resource', body)).json.results).toEqual([record1, record2])
  })

  test('S3: what Alice may do with record-1', async () => {
    const body = { subject: alice, resource: record1 }
    const { json } = await point.ask('search/action', body)
    expect(json).toEqual({ page: { next_token: '', count: 2 }, results: [read, write] })
    expect((await point.ask('search/action', { ...body, context })).json).toEqual(json)
  })

  test('whatever is found is decided in the same way', async () => {
    for (const { id } of (await point.ask('search/subject', { ...aliceReads, action: write })).json.results) {
      const { json } = await point.ask('evaluation', {
        subject: { type: 'user', id },
        action: write,
        resource: record1,
      })
      expect(json.decision).toBe(true)
    }
  })

  test('pages lead to each other, by tokens that say where and how many', async () => {
    const { page, results } = (await point.ask('search/subject', { ...aliceReads, page: { limit: 1 } })).json
    expect(results).toEqual([alice])
    const next = (more: object, change: object = {}) =>
      point.ask('search/subject', { ...aliceReads, ...change, page: { token: page.next_token, ...more } })
    expect((await next({})).json).toEqual({ page: { next_token: '', count: 1 }, results: [bob] })
    expect((await next({ limit: 1 })).json.results).toEqual([bob])
    expect((await next({ limit: 2 })).status).toBe(400)
    expect((await next({}, { action: write })).status).toBe(400)
    expect((await next({ token: 'made-up' })).status).toBe(400)
    expect((await point.ask('search/subject', { ...aliceReads, page: { limit: 0 } })).status).toBe(400)
    expect((await point.ask('search/subject', { ...aliceReads, page: { limit: 1e6 } })).status).toBe(200)
  })

  test.each([
    ['an unknown subject', 'action', { subject: { type: 'user', id: 'nobody' }, resource: record1 }],
    [
      'an unknown subject',
      'resource',
      { ...aliceReads, subject: { type: 'user', id: 'nobody' }, resource: { type: 'record' } },
    ],
    ['an unknown resource', 'action', { subject: alice, resource: { type: 'record', id: 'record-9' } }],
    ['an unknown resource', 'subject', { ...aliceReads, resource: { type: 'record', id: 'record-9' } }],
    ['an unknown type of subject', 'subject', { ...aliceReads, subject: { type: 'spaceship' } }],
    ['an unknown type of subject', 'action', { subject: { type: 'spaceship', id: 'x' }, resource: record1 }],
    [
      'an unknown type of subject',
      'resource',
      { ...aliceReads, subject: { type: 'spaceship', id: 'x' }, resource: { type: 'record' } },
    ],
    ['an unknown type of resource', 'resource', { ...aliceReads, resource: { type: 'planet' } }],
    ['an unknown type of resource', 'subject', { ...aliceReads, resource: { type: 'planet', id: 'x' } }],
    ['an unknown action', 'subject', { ...aliceReads, action: { name: 'paint' } }],
    ['an unknown action', 'resource', { ...aliceReads, action: { name: 'paint' } }],
  ])('%s finds nothing (%s)', async (_, what, body) => {
    expect(await point.ask(`search/${what}`, body)).toMatchObject({ status: 200, json: { results: [] } })
  })

  test.each([
    ['no action', 'subject', { subject: { type: 'user' }, resource: record1 }],
    ['no subject', 'resource', { action: read, resource: { type: 'record' } }],
    ['no resource', 'action', { subject: alice }],
    ['a resource without id', 'subject', { ...aliceReads, resource: { type: 'record' } }],
    ['a subject without id', 'resource', { ...aliceReads, subject: { type: 'user' } }],
    ['a subject without id', 'action', { subject: { type: 'user' }, resource: record1 }],
  ])('%s is a bad request (%s)', async (_, what, body) => {
    const answer = await point.ask(`search/${what}`, body)
    expect(answer).toMatchObject({ status: 400, json: expect.any(String) })
  })
})

describe('what needs the properties of a request', () => {
  test('rules 5 and 6 hold, by the roles on record-2 and not by its status', async () => {
    const archived = { ...record2, properties: { status: 'archived' } }
    const admin = { ...bob, properties: { role: 'admin' } }
    const { json } = await point.ask('evaluations', {
      action: write,
      resource: archived,
      evaluations: [{ subject: alice }, { subject: admin }],
    })
    expect(json.evaluations).toMatchObject([{ decision: false }, { decision: true }])
    const mallory = { type: 'user', id: 'mallory', properties: { role: 'admin' } }
    const claimed = await point.ask('evaluation', { subject: mallory, action: write, resource: archived })
    expect(claimed.json.decision).toBe(false)
  })

  test('rule 7 does not: a permission is given or not, however softly it is used', async () => {
    const ask = async (soft: boolean) => {
      const action = { name: 'delete', properties: { soft } }
      return (await point.ask('evaluation', { ...aliceReads, action })).json.decision
    }
    expect([await ask(true), await ask(false)]).toEqual([false, false])
  })
})
