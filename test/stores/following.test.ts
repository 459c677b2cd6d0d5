import { defineModel } from '@bailiwick/core'
import { type EmbeddedEngine, openEngine, type Store } from '@bailiwick/engine'
import { postgres } from '@bailiwick/engine/postgres'
import { createServer } from '@bailiwick/server'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWithPostgres, type TestDatabase, testDatabase } from './test-database.js'

const model = defineModel({
  resourceTypes: { project: { parents: ['organization'] } },
  permissions: { 'project:edit': 'project' },
  roles: { editor: { on: 'project', permissions: ['project:edit'] } },
})

describeWithPostgres('a node that follows what others store', () => {
  let database: TestDatabase
  let writer: EmbeddedEngine
  let reader: EmbeddedEngine
  /** How often the reader asks where something is and how new it is, and what it hears. */
  const asked = { revisions: 0 }
  const heard: string[] = []

  beforeAll(async () => {
    database = await testDatabase()
    const opener = postgres(database.connectionString)
    writer = await openEngine({ store: opener, model })
    const store = counting(await opener(), asked)
    store.watch((shard, revision) => heard.push(`${shard}@${revision}`))
    reader = await openEngine({ store: async () => store })
  })
  afterAll(async () => {
    await writer?.close()
    await reader?.close()
    await database?.stop()
  })

  const acmeWithAnn = async () => {
    const organizationId = (await writer.createOrganization({ name: 'Acme' })).value.id
    const membershipId = (await writer.createMembership({ organizationId, userId: 'ann' })).value.id
    const resource = { type: 'project', externalId: 'web' } as const
    await writer.createResource({ organizationId, ...resource, name: 'Web' })
    const assignment = { organizationId, subject: { membershipId }, role: 'editor', resource } as const
    const question = {
      organizationId,
      subject: { membershipId },
      permission: 'project:edit',
      resource,
    } as const
    const may = async (consistency?: 'bounded' | 'latest') =>
      (await reader.check(question, consistency && { consistency })).kind
    return { assignment, question, may, organizationId }
  }

  /** How often the store is asked while so many checks are decided: now and then, where the machine stood still. */
  const askedFor = async (checks: number, check: () => Promise<void>) => {
    const before = asked.revisions
    for (let n = 0; n < checks; n++) await check()
    return asked.revisions - before
  }

  test('is told of each revision once, in order, whoever stored it', async () => {
    const { organizationId } = await acmeWithAnn()
    const ofIt = () => heard.filter((each) => each.startsWith(`${organizationId}@`))
    await expect.poll(() => ofIt().length).toBeGreaterThanOrEqual(3)
    await reader.createResource({ organizationId, type: 'project', externalId: 'own', name: 'Own' })
    expect(ofIt()).toEqual([1, 2, 3, 4].map((revision) => `${organizationId}@${revision}`))
    await writer.createResource({ organizationId, type: 'project', externalId: 'more', name: 'More' })
    await expect.poll(() => ofIt().length).toBeGreaterThanOrEqual(5)
    expect(ofIt().slice(4)).toEqual([`${organizationId}@5`])
  })

  test('answers within a bound without asking, and is never more than a second behind', async () => {
    const { assignment, may } = await acmeWithAnn()
    expect(await may('bounded')).toBe('deny')
    expect(await may('bounded')).toBe('deny')
    await expect.poll(() => askedFor(100, async () => expect(await may('bounded')).toBe('deny'))).toBe(0)
    const before = asked.revisions
    expect(await may()).toBe('deny')
    expect(asked.revisions).toBeGreaterThan(before)

    const { value } = await writer.assignRole(assignment)
    const given = performance.now()
    expect(await may()).toBe('allow')
    await expect.poll(() => may('bounded')).toBe('allow')
    await writer.removeAssignment(assignment.organizationId, value.id)
    const taken = performance.now()
    for (let isOver = false; !isOver; ) {
      const askedAt = performance.now()
      isOver = (await may('bounded')) === 'deny'
      if (!isOver) expect(askedAt - taken).toBeLessThan(1_000)
    }
    expect(taken).toBeGreaterThan(given)
  })

  test('asks nothing for a bounded check over HTTP either, and hears of a deletion within a second', async () => {
    const { assignment, question } = await acmeWithAnn()
    await writer.assignRole(assignment)
    const apiKey = 'sk_of_this_test_alone'
    const server = await createServer({ engine: reader, apiKey })
    const url = await server.listen({ port: 0 })
    const { membershipId } = question.subject
    const check = async (consistency: Record<string, string>) => {
      const answer = await fetch(`${url}/authorization/organization_memberships/${membershipId}/check`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...consistency },
        body: JSON.stringify({
          permission_slug: 'project:edit',
          resource_type_slug: 'project',
          resource_external_id: 'web',
        }),
      })
      return answer.status === 200
        ? ((await answer.json()) as { authorized: boolean }).authorized
        : answer.status
    }
    const bounded = { 'bailiwick-consistency': 'bounded' }
    expect(await check({})).toBe(true)
    expect(await check(bounded)).toBe(true)
    await expect.poll(() => askedFor(20, async () => expect(await check(bounded)).toBe(true))).toBe(0)
    const before = asked.revisions
    expect(await check({})).toBe(true)
    expect(asked.revisions).toBeGreaterThan(before)

    await writer.deleteMembership(question.organizationId, { membershipId })
    expect(await check({})).toBe(404)
    await expect.poll(() => check(bounded)).toBe(404)
    await server.close()
  })

  test('does so without hints too: connections that listen are broken again and again', async () => {
    const { assignment, may } = await acmeWithAnn()
    expect(await may('bounded')).toBe('deny')
    const client = new Client(database.connectionString)
    await client.connect()
    for (let n = 0; n < 5; n++) {
      await client.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE (query LIKE 'LISTEN%' OR query LIKE '%pg_notify%') AND datname = current_database() AND pid <> pg_backend_pid()",
      )
      const { value } = await writer.assignRole(assignment)
      await expect.poll(() => may('bounded')).toBe('allow')
      await writer.removeAssignment(assignment.organizationId, value.id)
      await expect.poll(() => may('bounded')).toBe('deny')
    }
    await client.end()
  })

  test('knows what the model has become, also of one that it has never been asked about', async () => {
    const { assignment, may } = await acmeWithAnn()
    await writer.assignRole(assignment)
    expect(await may('bounded')).toBe('allow')
    await writer.updateRole('editor', { permissions: [] })
    await expect.poll(() => may('bounded')).toBe('deny')
    await writer.updateRole('editor', { permissions: ['project:edit'] })
    expect(await may()).toBe('allow')
  })
})

function counting(store: Store, asked: { revisions: number }): Store {
  return new Proxy(store, {
    get(target, property) {
      if (property === 'revision' || property === 'find') asked.revisions += 1
      const value = Reflect.get(target, property, target) as unknown
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
