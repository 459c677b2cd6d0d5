import { type RemoteOptions, remoteEngine } from '@bailiwick/client'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { FeedProxy } from '../replica/feed-proxy.js'
import { annEdits, docs, outcomeOf, web } from '../replica/start-replica.js'
import { acme, ann, bob, globex, gus, model, startAcme } from '../server/acme-server.js'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const bobEdits = { ...annEdits, subject: { membershipId: bob } }
const gusEdits = { ...annEdits, organizationId: globex, subject: { membershipId: gus } }

/** A server, a remote engine that keeps answers for a minute, and the network between the two. */
async function start(cache: RemoteOptions['cache'] = {}) {
  const server = await startAcme()
  closing.push(() => server.close())
  const proxy = await FeedProxy.open(server.url)
  closing.push(() => proxy.close())
  const engine = await remoteEngine({
    url: proxy.url,
    apiKey: server.apiKey,
    model,
    deadlineMs: 60_000,
    cache: { maxAgeMs: 60_000, ...cache },
  })
  closing.push(() => engine.close())
  const given = { organizationId: acme, role: 'editor', resource: web }
  return {
    server,
    proxy,
    engine,
    checks: () => proxy.requestsTo('/authorization/check'),
    give: async () => server.engine.assignRole({ ...given, subject: { membershipId: bob } }),
    giveHere: async () => engine.assignRole({ ...given, subject: { membershipId: bob } }),
    takeFromAnn: async () => {
      const [held] = await server.engine.listAssignments(acme, { membershipId: ann })
      return server.engine.removeAssignment(acme, held?.id as never)
    },
  }
}

describe('what is kept', () => {
  test('is answered here, and each question is asked once', async () => {
    const { engine, checks } = await start()
    for (let n = 0; n < 50; n++) {
      expect(await outcomeOf(engine)).toBe('allow')
      expect(await outcomeOf(engine, { ...annEdits, resource: docs })).toBe('deny')
    }
    expect(checks()).toBe(2)
  })

  test('is forgotten with an own write, before its caller knows of it, and in no other organization', async () => {
    const { engine, checks, giveHere } = await start()
    expect(await outcomeOf(engine, gusEdits)).toBe('allow')
    for (let n = 0; n < 10; n++) {
      expect(await outcomeOf(engine, bobEdits)).toBe('deny')
      const { value } = await giveHere()
      expect(await outcomeOf(engine, bobEdits)).toBe('allow')
      await engine.removeAssignment(acme, value.id)
    }
    expect(await outcomeOf(engine, bobEdits)).toBe('deny')
    const asked = checks()
    expect(await outcomeOf(engine, gusEdits)).toBe('allow')
    expect(checks()).toBe(asked)
  })

  test('is forgotten with an own write in the name of somebody', async () => {
    const { engine } = await start()
    expect(await outcomeOf(engine, bobEdits)).toBe('deny')
    const named = engine.as({ actor: { type: 'user', id: 'user_ann' } })
    const bobs = { organizationId: acme, subject: { membershipId: bob }, resource: web }
    await named.assignRole({ ...bobs, role: 'editor' })
    expect(await outcomeOf(engine, bobEdits)).toBe('allow')
    await named.as({ actor: { type: 'user', id: 'user_gus' } }).replaceAssignments(acme, bobs.subject, [])
    expect(await outcomeOf(engine, bobEdits)).toBe('deny')
  })

  test('is forgotten with an own write that nobody knows to have happened', async () => {
    const { engine, server, takeFromAnn } = await start()
    expect(await outcomeOf(engine)).toBe('allow')
    await takeFromAnn()
    const refused = engine.deleteResource(acme, { type: 'project', externalId: 'nowhere' })
    await expect(refused).rejects.toMatchObject({ kind: 'not_found' })
    expect(await outcomeOf(engine)).toBe(await outcomeOf(server.engine))
  })

  test('without the feed may be older than what others wrote, and with their token never is', async () => {
    const { engine, give } = await start()
    expect(await outcomeOf(engine, bobEdits)).toBe('deny')
    const { token } = await give()
    expect(await outcomeOf(engine, bobEdits)).toBe('deny')
    expect((await engine.check(bobEdits, { consistency: { atLeast: token } })).kind).toBe('allow')
    expect(await outcomeOf(engine, bobEdits)).toBe('allow')
  })

  test('without the feed is no older than the bound', async () => {
    const { engine, takeFromAnn } = await start({ maxAgeMs: 200 })
    expect(await outcomeOf(engine)).toBe('allow')
    await takeFromAnn()
    const takenAt = performance.now()
    for (let at = takenAt; ; at = performance.now()) {
      if ((await outcomeOf(engine)) === 'deny') break
      expect(at - takenAt).toBeLessThanOrEqual(200)
      await new Promise(setImmediate)
    }
  })
})

describe('with the feed', () => {
  const follow = true

  test('what others change is forgotten as soon as it is told, in that organization alone', async () => {
    const { engine, checks, takeFromAnn } = await start({ follow })
    expect(await outcomeOf(engine, gusEdits)).toBe('allow')
    expect(await outcomeOf(engine)).toBe('allow')
    await takeFromAnn()
    await expect.poll(() => outcomeOf(engine)).toBe('deny')
    const asked = checks()
    expect(await outcomeOf(engine, gusEdits)).toBe('allow')
    expect(checks()).toBe(asked)
  })

  test('a change of the model is one of all organizations', async () => {
    const { engine, server } = await start({ follow })
    expect(await outcomeOf(engine)).toBe('allow')
    expect(await outcomeOf(engine, gusEdits)).toBe('allow')
    await server.engine.updateRole('editor', { permissions: ['project:view'] })
    await expect.poll(() => outcomeOf(engine)).toBe('deny')
    expect(await outcomeOf(engine, gusEdits)).toBe('deny')
  })

  test('that is late, nothing is older than the bound', async () => {
    const { engine, proxy, takeFromAnn } = await start({ follow, maxAgeMs: 500 })
    expect(await outcomeOf(engine)).toBe('allow')
    proxy.holdFeed()
    await takeFromAnn()
    const takenAt = performance.now()
    for (let at = takenAt; ; at = performance.now()) {
      if ((await outcomeOf(engine)) === 'deny') break
      expect(at - takenAt).toBeLessThanOrEqual(500)
      await new Promise(setImmediate)
    }
    proxy.releaseFeed()
    expect(await outcomeOf(engine)).toBe('deny')
  })

  test('that breaks, what was changed meanwhile is told afterwards', async () => {
    const { engine, proxy, takeFromAnn } = await start({ follow })
    expect(await outcomeOf(engine)).toBe('allow')
    proxy.holdFeed()
    await takeFromAnn()
    expect(await outcomeOf(engine)).toBe('allow')
    proxy.breakFeed()
    proxy.releaseFeed()
    await expect.poll(() => outcomeOf(engine)).toBe('deny')
  })

  test('that nobody needs any more is closed with the engine', async () => {
    const { server, proxy } = await start()
    const engine = await remoteEngine({ url: proxy.url, apiKey: server.apiKey, model, cache: { follow } })
    await expect.poll(() => proxy.feedsFrom).toEqual([0])
    await engine.close()
    await expect.poll(() => proxy.feedsFrom).toEqual([])
    // A second time is no error, and answers nothing either.
    await engine.close()
    expect(await outcomeOf(engine)).toBe('unavailable')
  })

  test('of another store, all is forgotten', async () => {
    const { engine, proxy, server } = await start({ follow })
    expect(await outcomeOf(engine, bobEdits)).toBe('deny')
    const other = await startAcme({ apiKey: server.apiKey })
    closing.push(() => other.close())
    await other.engine.assignRole({
      organizationId: acme,
      subject: { membershipId: bob },
      role: 'editor',
      resource: web,
    })
    proxy.leadTo(other.url)
    await server.server.close()
    await expect.poll(() => outcomeOf(engine, bobEdits)).toBe('allow')
  })

  test('that cannot be reached yet, the engine opens all the same; a key that may not read it is refused', async () => {
    const { server, proxy } = await start()
    const { secret } = await server.server.keys.create({ name: 'checks', scopes: ['check'] })
    const options = { url: proxy.url, model, cache: { follow } }
    await expect(remoteEngine({ ...options, apiKey: secret })).rejects.toMatchObject({
      code: 'remote_key_refused',
    })
    await proxy.close()
    const engine = await remoteEngine({ ...options, apiKey: server.apiKey })
    expect(await outcomeOf(engine)).toBe('unavailable')
    await engine.close()
  })
})

test.each([
  [{ maxAgeMs: 0 }, 'maxAgeMs'],
  [{ maxAgeMs: 100, follow: true }, 'maxAgeMs'],
  [{ maxAgeMs: 60_001 }, 'maxAgeMs'],
  [{ max: 0 }, 'max'],
])('a wrong option is named: %j', async (cache, name) => {
  const opening = remoteEngine({ url: 'http://localhost:1', apiKey: 'sk_x', model, cache })
  await expect(opening).rejects.toMatchObject({
    code: 'misconfigured',
    message: expect.stringContaining(`cache.${name}`),
  })
})

test('WorkOS has no feed to follow', async () => {
  const options = { url: 'http://localhost:1', apiKey: 'sk_x', model, api: 'workos' } as const
  await expect(remoteEngine({ ...options, cache: { follow: true } })).rejects.toMatchObject({
    code: 'misconfigured',
  })
})

test('whatever is written through it, it says what the server says', async () => {
  const { engine, server, checks } = await start()
  const subjects = [ann, bob].map((membershipId) => ({ membershipId }))
  const resources = [web, docs, { type: 'workspace', externalId: 'eng' }]
  const questions = subjects.flatMap((subject) =>
    resources.map((resource) => ({ ...annEdits, subject, resource })),
  )
  const write = fc.record({
    // What gives comes more often than what takes, so that there is something to take.
    what: fc.oneof(
      { arbitrary: fc.constantFrom('give', 'forgive', 'wake'), weight: 3 },
      fc.constantFrom('take', 'ban', 'sleep', 'move'),
    ),
    subject: fc.constantFrom(...subjects),
    resource: fc.constantFrom(web, docs),
  })
  // Both answers are met, whatever is drawn.
  const bothMet = subjects.flatMap((subject) =>
    (['give', 'sleep', 'wake'] as const).map((what) => ({ what, subject, resource: web })),
  )
  const answers = { allow: 0, deny: 0 }
  await fc.assert(
    fc.asyncProperty(fc.array(write, { minLength: 3, maxLength: 10 }), async (writes) => {
      for (const { what, subject, resource } of writes) {
        const at = { organizationId: acme, subject, resource }
        if (what === 'give') await engine.assignRole({ ...at, role: 'editor' })
        if (what === 'take') await engine.replaceAssignments(acme, subject, [])
        if (what === 'ban') await engine.createExclusion({ ...at, permission: 'project:edit' })
        if (what === 'forgive')
          for (const { id } of await engine.listExclusions(acme)) await engine.deleteExclusion(acme, id)
        if (what === 'sleep') await engine.setMembershipStatus(acme, subject, 'inactive')
        if (what === 'wake') await engine.setMembershipStatus(acme, subject, 'active')
        if (what === 'move')
          await engine.moveResource(acme, resource, { type: 'organization', externalId: acme })
        for (const question of [...questions, ...questions]) {
          const { kind } = await engine.check(question)
          expect(kind).toBe(await outcomeOf(server.engine, question))
          answers[kind]++
        }
      }
    }),
    { numRuns: 12, examples: [[bothMet]] },
  )
  const all = answers.allow + answers.deny
  expect(Math.min(answers.allow, answers.deny)).toBeGreaterThan(10)
  // One request for what is asked one after the other is one check: half of them were kept.
  expect(checks()).toBeLessThanOrEqual(all / 2)
})
