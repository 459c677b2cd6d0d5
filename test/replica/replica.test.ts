import { replicaEngine } from '@bailiwick/client/replica'
import { type OrganizationId, parseAssignmentId } from '@bailiwick/core'
import { memoryStore } from '@bailiwick/engine'
import { afterEach, describe, expect, test } from 'vitest'
import { acme, ann, bob, globex, gus, startAcme } from '../server/acme-server.js'
import { startServer } from '../server/start-server.js'
import { annEdits, docs, outcomeOf, startReplica, web } from './start-replica.js'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const root = { type: 'organization', externalId: acme }

async function start(...options: Parameters<typeof startReplica>) {
  const started = await startReplica(...options)
  closing.push(started.close)
  const { engine } = started.server
  const bobEdits = { ...annEdits, subject: { membershipId: bob } }
  const give = async (membershipId = bob, resource = web) => {
    const assignment = { organizationId: acme, subject: { membershipId }, role: 'editor', resource }
    return (await engine.assignRole(assignment)).value
  }
  const take = (id: string) => engine.removeAssignment(acme, parseAssignmentId(id))
  const takeFromAnn = async () => {
    const [held] = await engine.listAssignments(acme, { membershipId: ann })
    return take(held?.id ?? '')
  }
  return { ...started, bobEdits, give, take, takeFromAnn }
}

describe('a replica', () => {
  test('answers here what it has, and asks the server nothing for it', async () => {
    const { replica, proxy } = await start()
    for (let n = 0; n < 100; n++) {
      expect(await outcomeOf(replica)).toBe('allow')
      expect(await outcomeOf(replica, { ...annEdits, resource: docs })).toBe('deny')
    }
    expect(proxy.requestsTo('/replication/shards/org_acme')).toBe(1)
    expect(proxy.requestsTo('/authorization/check')).toBe(0)
  })

  test('hears by itself what others give and take', async () => {
    const { replica, proxy, bobEdits, give, take } = await start()
    expect(await outcomeOf(replica, bobEdits)).toBe('deny')
    const { id } = await give()
    await expect.poll(() => outcomeOf(replica, bobEdits)).toBe('allow')
    await take(id)
    await expect.poll(() => outcomeOf(replica, bobEdits)).toBe('deny')
    expect(proxy.requestsTo('/replication/shards/org_acme')).toBe(1)
    expect(proxy.requestsTo('/authorization/check')).toBe(0)
  })

  test('hears when an organization is deleted, and when it is made again with nothing in it', async () => {
    const { replica, server, proxy } = await start()
    expect(await outcomeOf(replica)).toBe('allow')
    await server.engine.deleteOrganization(acme)
    await expect.poll(() => outcomeOf(replica)).toBe('deny')
    await server.engine.createOrganization({ id: acme, name: 'Acme' })
    await server.engine.createMembership({
      organizationId: acme,
      id: ann,
      userId: 'user_ann',
      roles: ['admin'],
    })
    await expect
      .poll(() => outcomeOf(replica, { ...annEdits, permission: 'billing:manage', resource: root }))
      .toBe('allow')
    expect(await outcomeOf(replica)).toBe('deny')
    expect(proxy.requestsTo('/authorization/check')).toBe(0)
  })

  test('hears when the model changes', async () => {
    const { replica, server } = await start()
    const archive = { ...annEdits, permission: 'project:archive' }
    await expect(replica.check(archive)).rejects.toMatchObject({ code: 'permission_unknown' })
    await server.engine.createPermission({ slug: 'project:archive', on: 'project' })
    await server.engine.updateRole('editor', { permissions: { add: ['project:archive'] } })
    await expect.poll(() => outcomeOf(replica, archive)).toBe('allow')
    expect(replica.model.permissions.has('project:archive')).toBe(true)
    await server.engine.updateRole('editor', { permissions: { remove: ['project:archive'] } })
    await expect.poll(() => outcomeOf(replica, archive)).toBe('deny')
  })

  test('loads an organization when it is first asked about, and one that does not exist is a deny', async () => {
    const { replica, proxy } = await start()
    expect(proxy.requestsTo(`/replication/shards/${globex}`)).toBe(0)
    const gusEdits = { ...annEdits, organizationId: globex, subject: { membershipId: gus } }
    expect(await outcomeOf(replica, gusEdits)).toBe('allow')
    expect(proxy.requestsTo(`/replication/shards/${globex}`)).toBe(1)
    expect(await outcomeOf(replica, { ...annEdits, organizationId: 'org_none' as OrganizationId })).toBe(
      'deny',
    )
  })

  test('of chosen organizations has those at once, and asks the server about others', async () => {
    const { replica, proxy, bobEdits, give } = await start({ organizations: [acme] })
    expect(proxy.requestsTo(`/replication/shards/${acme}`)).toBe(1)
    const gusEdits = { ...annEdits, organizationId: globex, subject: { membershipId: gus } }
    expect(await outcomeOf(replica, gusEdits)).toBe('allow')
    expect(proxy.requestsTo(`/replication/shards/${globex}`)).toBe(0)
    await give()
    await expect.poll(() => outcomeOf(replica, bobEdits)).toBe('allow')
    expect(proxy.requestsTo('/authorization/check')).toBe(1)
  })
})

describe('what was written through it', () => {
  test('is seen by the very next question, whatever the feed does', async () => {
    const { replica, proxy, bobEdits } = await start()
    proxy.holdFeed()
    const subject = { membershipId: bob }
    for (let n = 0; n < 20; n++) {
      const { value } = await replica.assignRole({
        organizationId: acme,
        subject,
        role: 'editor',
        resource: web,
      })
      expect(await outcomeOf(replica, bobEdits)).toBe('allow')
      await replica.removeAssignment(acme, value.id)
      expect(await outcomeOf(replica, bobEdits)).toBe('deny')
    }
    expect(proxy.requestsTo('/authorization/check')).toBe(0)
  })

  test('is fetched once, however many ask for it at once', async () => {
    const { replica, proxy, bobEdits } = await start()
    proxy.holdFeed()
    expect(await outcomeOf(replica, bobEdits)).toBe('deny')
    const subject = { membershipId: bob }
    await replica.assignRole({ organizationId: acme, subject, role: 'editor', resource: web })
    const outcomes = await Promise.all(Array.from({ length: 64 }, () => outcomeOf(replica, bobEdits)))
    expect(new Set(outcomes)).toEqual(new Set(['allow']))
    expect(proxy.requestsTo('/replication/commits')).toBe(1)
  })

  test('elsewhere is seen with its token, and may not be without', async () => {
    const { replica, proxy, server, bobEdits } = await start()
    expect(await outcomeOf(replica, bobEdits)).toBe('deny')
    proxy.holdFeed()
    const given = { organizationId: acme, subject: { membershipId: bob }, role: 'editor', resource: web }
    const { token } = await server.engine.assignRole(given)
    expect(await outcomeOf(replica, bobEdits)).toBe('deny')
    expect((await replica.check(bobEdits, { consistency: { atLeast: token } })).kind).toBe('allow')
    expect(await outcomeOf(replica, bobEdits)).toBe('allow')
    expect(proxy.requestsTo('/authorization/check')).toBe(0)
  })

  test('as the latest is asked of the server', async () => {
    const { replica, proxy, bobEdits, give } = await start()
    proxy.holdFeed()
    await give()
    expect((await replica.check(bobEdits, { consistency: 'latest' })).kind).toBe('allow')
  })

  test.each([
    ['of another store', ['elsewhere', acme, 1], 'consistency_token_foreign'],
    ['that is none', 'nonsense', 'consistency_token_malformed'],
  ])('a token %s is an error', async (_, token, code) => {
    const { replica } = await start()
    const atLeast = Buffer.from(JSON.stringify(token)).toString('base64url') as never
    await expect(replica.check(annEdits, { consistency: { atLeast } })).rejects.toMatchObject({ code })
  })

  test('a token from a future that never comes fails its own question, and no other', async () => {
    const { replica, proxy, server } = await start()
    const token = JSON.stringify([server.engine.changes.id, acme, 1_000_000])
    const atLeast = Buffer.from(token).toString('base64url') as never
    await expect(replica.check(annEdits, { consistency: { atLeast } })).rejects.toMatchObject({
      kind: 'unavailable',
    })
    const asked = proxy.requestsTo('/authorization/check')
    expect(await outcomeOf(replica)).toBe('allow')
    expect(proxy.requestsTo('/authorization/check')).toBe(asked)
  })
})

describe('a feed that is late', () => {
  const stalenessMs = 500

  /** Ask until the answer is another one; when was the last question to which it was still this? */
  async function lastAsked(replica: Parameters<typeof outcomeOf>[0], outcome: string) {
    let last = Number.NEGATIVE_INFINITY
    for (;;) {
      const at = performance.now()
      const answered = await outcomeOf(replica)
      if (answered !== outcome) return { last, answered }
      last = at
      await new Promise(setImmediate)
    }
  }

  test('never lets a revocation go unseen for longer than the bound: the server is asked then', async () => {
    const { replica, proxy, takeFromAnn } = await start({ stalenessMs })
    await expect.poll(() => outcomeOf(replica)).toBe('allow')
    proxy.holdFeed()
    await takeFromAnn()
    const takenAt = performance.now()
    const { last, answered } = await lastAsked(replica, 'allow')
    expect(answered).toBe('deny')
    expect(last - takenAt).toBeLessThanOrEqual(stalenessMs)
    expect(proxy.requestsTo('/authorization/check')).toBeGreaterThan(0)
    proxy.releaseFeed()
    expect(await outcomeOf(replica)).toBe('deny')
  })

  test('with no server to ask, ends in an error after the bound, and never in an allow', async () => {
    const { replica, proxy, takeFromAnn } = await start({ stalenessMs })
    await expect.poll(() => outcomeOf(replica)).toBe('allow')
    await proxy.close()
    const cutAt = performance.now()
    await takeFromAnn()
    const { last, answered } = await lastAsked(replica, 'allow')
    expect(answered).toBe('unavailable')
    expect(last - cutAt).toBeLessThanOrEqual(stalenessMs)
    for (let n = 0; n < 20; n++) expect(await outcomeOf(replica)).toBe('unavailable')
  })

  test('is enough for a permission that says so, as long as it says, when the server cannot be asked', async () => {
    const view = { ...annEdits, permission: 'project:view' }
    const staleIfError = { 'project:view': 60_000, 'project:edit': 501 }
    const { replica, proxy } = await start({ stalenessMs, staleIfError })
    await expect.poll(() => outcomeOf(replica, view)).toBe('allow')
    await proxy.close()
    await expect.poll(() => outcomeOf(replica)).toBe('unavailable')
    expect(await outcomeOf(replica, view)).toBe('allow')
    expect(await outcomeOf(replica, { ...view, resource: docs })).toBe('deny')
    const latest = replica.check(view, { consistency: 'latest' })
    await expect(latest).rejects.toMatchObject({ kind: 'unavailable' })
  })

  test('is not enough for it while the server says no', async () => {
    const staleIfError = { 'project:edit': 60_000 }
    const { replica, proxy, takeFromAnn } = await start({ stalenessMs, staleIfError })
    await expect.poll(() => outcomeOf(replica)).toBe('allow')
    proxy.holdFeed()
    await takeFromAnn()
    await expect.poll(() => outcomeOf(replica)).toBe('deny')
  })

  test('that comes again is believed again', async () => {
    const { replica, proxy } = await start({ stalenessMs })
    proxy.holdFeed()
    await expect
      .poll(async () => (await outcomeOf(replica)) && proxy.requestsTo('/authorization/check'))
      .toBeGreaterThan(0)
    proxy.releaseFeed()
    const asked = async () => {
      const before = proxy.requestsTo('/authorization/check')
      expect(await outcomeOf(replica)).toBe('allow')
      return proxy.requestsTo('/authorization/check') - before
    }
    await expect.poll(asked).toBe(0)
  })
})

describe('after a broken connection', () => {
  test('it goes on where it was, and misses nothing', async () => {
    const { replica, proxy, server, bobEdits, give, take } = await start()
    expect(await outcomeOf(replica, bobEdits)).toBe('deny')
    const connections = () => proxy.requestsTo('/changes')
    for (let n = 1; n <= 5; n++) {
      const { id } = await give()
      proxy.breakFeed()
      await take(id)
      await give(bob, docs)
      await expect.poll(connections).toBeGreaterThan(n)
    }
    await give()
    await expect.poll(() => outcomeOf(replica, bobEdits)).toBe('allow')
    const own = await server.engine.explain(bobEdits)
    expect(await replica.explain(bobEdits)).toEqual(own)
    expect(proxy.requestsTo('/replication/shards/org_acme')).toBe(1)
  })

  test('a server that was started anew over the same store is followed from where the old one ended', async () => {
    const store = memoryStore()
    const { replica, proxy, server, bobEdits } = await start({}, { store })
    expect(await outcomeOf(replica, bobEdits)).toBe('deny')
    await server.server.close()
    const { apiKey } = server
    const given = { organizationId: acme, subject: { membershipId: bob }, role: 'editor', resource: web }
    await server.engine.assignRole(given)
    const next = await startServer({ store, apiKey, model: server.engine.model })
    closing.push(() => next.close())
    proxy.leadTo(next.url)
    await expect.poll(() => outcomeOf(replica, bobEdits)).toBe('allow')
    expect(proxy.requestsTo('/replication/shards/org_acme')).toBe(1)
  })

  test('a server with another store is believed in all, and what was there before is forgotten', async () => {
    const { replica, proxy, server, bobEdits } = await start()
    expect(await outcomeOf(replica)).toBe('allow')
    const other = await startAcme({ apiKey: server.apiKey })
    closing.push(() => other.close())
    const [held] = await other.engine.listAssignments(acme, { membershipId: ann })
    await other.engine.removeAssignment(acme, held?.id as never)
    await other.engine.assignRole({
      organizationId: acme,
      subject: { membershipId: bob },
      role: 'editor',
      resource: web,
    })
    proxy.leadTo(other.url)
    await server.server.close()
    await expect.poll(() => outcomeOf(replica, bobEdits)).toBe('allow')
    expect(await outcomeOf(replica)).toBe('deny')
    const before = proxy.requestsTo('/authorization/check')
    expect(await outcomeOf(replica)).toBe('deny')
    expect(proxy.requestsTo('/authorization/check')).toBe(before)
  })
})

test.each([
  [{ stalenessMs: 100 }, 'stalenessMs'],
  [{ organizations: [] }, 'organizations'],
  [{ staleIfError: { 'project:edit': -1 } }, 'staleIfError'],
  [{ maxMemoryMb: 0 }, 'maxMemoryMb'],
  [{ cache: {} }, 'cache'],
  [{ apiKey: 'sk nonsense' }, 'apiKey'],
])('a wrong option is named: %j', async (options, name) => {
  const server = await startAcme()
  closing.push(() => server.close())
  const opening = replicaEngine({ url: server.url, apiKey: server.apiKey, ...options })
  await expect(opening).rejects.toMatchObject({
    code: 'misconfigured',
    message: expect.stringContaining(name),
  })
})

test('a key that may not read is refused when the replica opens', async () => {
  const server = await startAcme()
  closing.push(() => server.close())
  const { secret } = await server.server.keys.create({ name: 'checks', scopes: ['check'] })
  await expect(replicaEngine({ url: server.url, apiKey: secret, deadlineMs: 60_000 })).rejects.toMatchObject({
    code: 'remote_key_refused',
  })
})
