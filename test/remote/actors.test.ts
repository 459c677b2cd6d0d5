import { type RemoteEngine, type RemoteOptions, remoteEngine } from '@bailiwick/client'
import { replicaEngine } from '@bailiwick/client/replica'
import { CapabilityMissing, InputInvalid } from '@bailiwick/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { annEdits, outcomeOf, web } from '../replica/start-replica.js'
import { type AcmeServer, acme, bob, model, startAcme } from '../server/acme-server.js'
import { request } from '../server/request.js'

const byAnn = { actor: { type: 'user', id: 'user_ann', name: 'Ann Łuczak' }, reason: 'ticket 4711' }
const bobEdits = { ...annEdits, subject: { membershipId: bob } }
const makeBobEditor = (engine: RemoteEngine) =>
  engine.assignRole({ organizationId: acme, subject: { membershipId: bob }, role: 'editor', resource: web })

let server: AcmeServer
beforeEach(async () => {
  server = await startAcme()
})
afterEach(() => server.close())

const latestEntry = async () => (await server.call('GET', '/audit_logs?limit=1')).json.data[0]

describe.each<[string, (options: RemoteOptions) => Promise<RemoteEngine>]>([
  ['a remote engine', remoteEngine],
  [
    'a remote engine that keeps answers',
    (options) => remoteEngine({ ...options, cache: { maxAgeMs: 60_000 } }),
  ],
  ['a replica', replicaEngine],
])('%s', (_, open) => {
  let engine: RemoteEngine
  beforeEach(async () => {
    engine = await open({ url: server.url, apiKey: server.apiKey, deadlineMs: 60_000 })
  })
  afterEach(() => engine.close())

  test('says for whom it changes something, and the log names both, her and the key', async () => {
    await makeBobEditor(engine.as(byAnn))
    const named = await latestEntry()
    expect(named).toMatchObject({
      action: 'role_assignment.created',
      actor: byAnn.actor,
      via: { type: 'api_key' },
      reason: 'ticket 4711',
    })
    await engine.createGroup({ organizationId: acme, name: 'Crew' })
    expect(await latestEntry()).toMatchObject({
      action: 'group.created',
      actor: { type: 'api_key', id: named.via.id },
      via: null,
      reason: null,
    })
  })

  test('sees at once what it has written for somebody', async () => {
    expect(await outcomeOf(engine, bobEdits)).toBe('deny')
    const { value: given } = await makeBobEditor(engine.as(byAnn))
    expect(await outcomeOf(engine, bobEdits)).toBe('allow')
    await engine.as(byAnn).as(byAnn).removeAssignment(acme, given.id)
    expect(await outcomeOf(engine.as(byAnn), bobEdits)).toBe('deny')
    expect(await outcomeOf(engine, bobEdits)).toBe('deny')
  })

  test.each([
    ['actor.type', { actor: { type: 'A user', id: 'user_ann' } }],
    ['actor.id', { actor: { type: 'user', id: '' } }],
    ['reason', { ...byAnn, reason: 'x'.repeat(1_025) }],
  ])('refuses somebody who cannot be: %s', (field, origin) => {
    expect(() => engine.as(origin)).toThrow(InputInvalid)
    expect(() => engine.as(origin)).toThrow(field)
  })
})

test('no application can say that it was another key, or the service itself', async () => {
  const engine = await remoteEngine({ url: server.url, apiKey: server.apiKey, model, deadlineMs: 60_000 })
  for (const type of ['api_key', 'system']) {
    await expect(makeBobEditor(engine.as({ actor: { type, id: 'x' } }))).rejects.toMatchObject({
      code: 'request_malformed',
    })
  }
  expect(await outcomeOf(engine, bobEdits)).toBe('deny')
  await engine.close()
})

test('a header that names nobody stops a write', async () => {
  const create = (actor: string) =>
    request(server, {
      method: 'POST',
      path: '/organizations/org_acme/groups',
      body: { name: 'Crew' },
      headers: { 'bailiwick-actor': actor },
    })
  for (const actor of ['user_ann', 'type=user', 'type=user&id=', 'type=user&id=ann&id=bob']) {
    expect((await create(actor)).status, actor).toBe(actor === 'type=user&id=' ? 422 : 400)
  }
  expect((await server.call('GET', '/organizations/org_acme/groups')).json.data).toEqual([])
  expect((await create('type=user&id=ann')).status).toBe(201)
})

test('the log finds what was done by somebody, and what was done by a key for whomever', async () => {
  const engine = await remoteEngine({ url: server.url, apiKey: server.apiKey, model, deadlineMs: 60_000 })
  await engine.as(byAnn).createGroup({ organizationId: acme, name: 'by Ann' })
  await engine.createGroup({ organizationId: acme, name: 'by the application' })
  const { actor: key } = await latestEntry()
  const named = async (query: string) =>
    (await server.call('GET', `/audit_logs?actions=group&${query}`)).json.data.map(
      ({ after }: { after: { name: string } }) => after.name,
    )
  expect(await named('actor_id=user_ann')).toEqual(['by Ann'])
  expect(await named(`actor_id=${key.id}`)).toEqual(['by the application', 'by Ann'])
  expect(await named(`actor_type=user&actor_id=${key.id}`)).toEqual([])
  await engine.close()
})

test("WorkOS's own API has no room for it", async () => {
  const options = { url: server.url, apiKey: server.apiKey, model, api: 'workos' } as const
  const engine = await remoteEngine(options)
  expect(() => engine.as(byAnn)).toThrow(CapabilityMissing)
  await engine.close()
})
