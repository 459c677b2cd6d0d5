import type { OrganizationId } from '@bailiwick/core'
import { afterEach, describe, expect, test } from 'vitest'
import { acme, bob } from '../server/acme-server.js'
import { figuresOf } from '../server/figures-of.js'
import { annEdits, docs, outcomeOf, startReplica, web } from './start-replica.js'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function start(...options: Parameters<typeof startReplica>) {
  const started = await startReplica(...options)
  closing.push(started.close)
  return started
}

const loadsOf = (path: string) => `/replication/shards/${path}`

describe('a replica with little memory', () => {
  test('lets organizations go, reads them again when they are asked about, and stays right', async () => {
    const { server, replica, proxy } = await start({ maxMemoryMb: 1 })
    const ids = Array.from({ length: 6 }, (_, n) => `org_large${n}` as OrganizationId)
    for (const id of ids) {
      await server.engine.createOrganization({ id, name: id })
      const { id: membershipId } = (
        await server.engine.createMembership({ organizationId: id, userId: 'user_ann' })
      ).value
      const names = Array.from({ length: 1_200 }, (_, n) => `${'long'.repeat(28)}${n}`)
      await Promise.all(
        names.map((externalId) =>
          server.engine.createResource({ organizationId: id, type: 'project', externalId, name: 'x' }),
        ),
      )
      await server.engine.createResource({ organizationId: id, ...web, name: 'web' })
      await server.engine.assignRole({
        organizationId: id,
        subject: { membershipId },
        role: 'editor',
        resource: web,
      })
    }
    const may = (organizationId: OrganizationId) =>
      outcomeOf(replica, { ...annEdits, organizationId, subject: { userId: 'user_ann' } })
    for (const id of ids) expect(await may(id)).toBe('allow')
    const first = ids[0] as OrganizationId
    // It is not there any more, and what is written meanwhile is not missed.
    await server.engine.replaceAssignments(first, { userId: 'user_ann' }, [])
    for (const id of ids) await expect.poll(() => may(id)).toBe(id === first ? 'deny' : 'allow')
    expect(proxy.requestsTo(loadsOf('org_large'))).toBeGreaterThan(ids.length)
    expect(proxy.requestsTo('/authorization/check')).toBe(0)
  })

  test('keeps no organization that does not exist', async () => {
    const { replica, proxy } = await start()
    const nowhere = { ...annEdits, organizationId: 'org_nowhere' as OrganizationId }
    expect(await outcomeOf(replica, nowhere)).toBe('deny')
    expect(await outcomeOf(replica, nowhere)).toBe('deny')
    expect(proxy.requestsTo(loadsOf('org_nowhere'))).toBe(2)
  })
})

describe('a replica that is slow to listen', () => {
  test('is cut off when it takes nothing for too long, comes again, and has missed nothing', async () => {
    const { server, replica, proxy } = await start({}, { feed: { patienceMs: 100, heartbeatMs: 10 } })
    const bobEdits = { ...annEdits, subject: { membershipId: bob } }
    expect(await outcomeOf(replica, bobEdits)).toBe('deny')
    proxy.stallFeed()
    // More than systems hold for a connection that nobody reads from.
    const metadata = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`key${n}`, 'x'.repeat(600)]))
    for (let n = 0; n < 600; n++) {
      await server.engine.createOrganization({ name: `org ${n}`, metadata })
      // A memory store waits for nothing, and readers are served in between only.
      await new Promise(setImmediate)
    }
    await server.engine.assignRole({
      organizationId: acme,
      subject: { membershipId: bob },
      role: 'editor',
      resource: docs,
    })
    // Only now: what a fast machine took up before that was not too late.
    await expect
      .poll(async () => (await figuresOf(server.url, server.apiKey))('bailiwick_feed_readers'))
      .toBe(0)
    proxy.goOn()
    await expect.poll(() => outcomeOf(replica, { ...bobEdits, resource: docs })).toBe('allow')
    expect(proxy.requestsTo('/changes')).toBeGreaterThan(1)
    expect(await replica.explain(annEdits)).toEqual(await server.engine.explain(annEdits))
    expect(proxy.requestsTo(loadsOf(acme))).toBe(1)
    expect(proxy.requestsTo('/authorization/check')).toBe(0)
  })
})
