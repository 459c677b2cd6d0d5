import {
  environmentShard,
  type Moment,
  type OrganizationId,
  type Revision,
  type ShardId,
  StoreFull,
  StoreUnavailable,
} from '@bailiwick/core'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { EmbeddedEngine } from './embedded-engine.js'
import { openEnvironment } from './environment/open-environment.js'
import { acme, ann, assign, bob, may, model, openAcme, project, workspace } from './fixtures/acme.js'
import { watchedStore } from './fixtures/watched-store.js'
import { applyChange, type GraphChange } from './graph/apply-change.js'
import { OrganizationGraph } from './graph/organization-graph.js'
import { ulidSource } from './new-id.js'
import { openEngine } from './open-engine.js'
import { storeDirectory } from './sqlite/fixtures/store-directory.js'
import { sqlite } from './sqlite/sqlite.js'
import { memoryStore } from './store/memory-store.js'

const exclusive = () => memoryStore({ access: 'exclusive' })
const large = 'org_large' as OrganizationId
const billing = { organizationId: acme, subject: ann, permission: 'billing:manage' }

/** What holds now. @throws where nothing may be kept. */
function momentOf(engine: EmbeddedEngine, id: OrganizationId = acme): Moment {
  const moment = engine.atOnce.moment(id)
  if (moment === undefined) throw new Error(`\`${id}\` has no moment`)
  expect(moment.isOver).toBe(false)
  return moment
}

/** What waits until it is opened. */
function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

/** Enough for nothing else to have room beside it, in an engine that has one mebibyte. */
async function fillMemory(engine: EmbeddedEngine, name: string): Promise<void> {
  await engine.createResource({ organizationId: large, type: 'workspace', externalId: name, name })
  const parent = workspace(name)
  await Promise.all(
    Array.from({ length: 4_500 }, (_, n) => {
      const externalId = `${name} ${n} ${'x'.repeat(100)}`
      return engine.createResource({ organizationId: large, type: 'project', externalId, name, parent })
    }),
  )
}

async function openSmall(store = exclusive()) {
  const first = await openAcme({ store })
  await first.createOrganization({ id: large, name: 'Large' })
  await assign(first, ann, 'accountant')
  await first.close()
  const engine = await openEngine({ store, model, maxMemoryMb: 1 })
  onTestFinished(() => engine.close())
  expect(await may(engine, ann, 'billing:manage')).toBe('allow')
  return engine
}

describe('an organization that is let go for want of memory', () => {
  test('ends its moment, and has another one when it is read again', async () => {
    const engine = await openSmall()
    await engine.createGroup({ organizationId: large, name: 'held from now on' })
    // Asked for since, and so among those that are found first.
    expect(engine.atOnce.allows(billing)).toBe(true)
    const moment = momentOf(engine)
    await fillMemory(engine, 'one')
    expect(engine.isAtHand(acme)).toBe(false)
    expect(moment.isOver).toBe(true)
    expect(engine.atOnce.moment(acme)).toBeUndefined()
    expect(await may(engine, ann, 'billing:manage')).toBe('allow')
    const next = momentOf(engine)
    expect(next).not.toBe(moment)
    await engine.setMembershipStatus(acme, ann, 'inactive')
    expect(next.isOver).toBe(true)
  })

  test('while it is written has no moment until it is held again, and the one that it has then ends', async () => {
    const store = exclusive()
    const held = gate()
    let holds = false
    const { open } = watchedStore(store, async (method, call) => {
      if (method !== 'append' || !holds) return call()
      holds = false
      await held.opened
      return call()
    })
    const engine = await openSmall(open)
    const moment = momentOf(engine)
    holds = true
    const revoking = engine.setMembershipStatus(acme, ann, 'inactive')
    await expect.poll(() => holds).toBe(false)
    expect(moment.isOver).toBe(false)
    await fillMemory(engine, 'one')
    expect(moment.isOver).toBe(true)
    expect(engine.atOnce.moment(acme)).toBeUndefined()
    // It answers, for there is one copy of it only, and is not held.
    expect(await may(engine, ann, 'billing:manage')).toBe('allow')
    expect(engine.atOnce.moment(acme)).toBeUndefined()
    held.open()
    await revoking
    expect(await may(engine, ann, 'billing:manage')).toBe('membership_inactive')
    const next = momentOf(engine)
    await engine.setMembershipStatus(acme, ann, 'active')
    expect(next.isOver).toBe(true)
  })
})

describe('a write whose answer is lost', () => {
  test.each(['before it was stored', 'after it was stored'])('%s ends the moment', async (when) => {
    let isLost = false
    const { open } = watchedStore(exclusive(), async (method, call) => {
      if (method !== 'append' || !isLost) return call()
      if (when === 'after it was stored') await call()
      throw new StoreUnavailable('connection lost')
    })
    const engine = await openAcme({ store: open })
    onTestFinished(() => engine.close())
    await assign(engine, ann, 'accountant')
    const moment = momentOf(engine)
    isLost = true
    await expect(engine.setMembershipStatus(acme, ann, 'inactive')).rejects.toMatchObject({
      code: 'store_unavailable',
    })
    expect(moment.isOver).toBe(true)
    expect(engine.atOnce.moment(acme)).toBeUndefined()
    isLost = false
    expect(await may(engine, ann, 'billing:manage')).toBe(
      when === 'after it was stored' ? 'membership_inactive' : 'allow',
    )
    const next = momentOf(engine)
    await engine.updateOrganization(acme, { name: 'Acme 2' })
    expect(next.isOver).toBe(true)
  })

  test('of the model ends the moments of all', async () => {
    let isLost = false
    const { open } = watchedStore(exclusive(), (method, call) =>
      method === 'append' && isLost ? Promise.reject(new StoreUnavailable('connection lost')) : call(),
    )
    const engine = await openAcme({ store: open })
    onTestFinished(() => engine.close())
    const moment = momentOf(engine)
    isLost = true
    await expect(engine.createRole({ slug: 'guest' })).rejects.toMatchObject({ code: 'store_unavailable' })
    expect(moment.isOver).toBe(true)
    expect(engine.atOnce.moment(acme)).toBeUndefined()
  })
})

describe('changes that are tried out and not stored yet', () => {
  /** Acme, where Ann is an accountant, and a store that waits or fails with the next append but one. */
  async function holding(end: (call: () => Promise<unknown>) => Promise<unknown>) {
    const first = gate()
    const second = gate()
    let appends = Number.NEGATIVE_INFINITY
    const { open } = watchedStore(exclusive(), async (method, call) => {
      if (method !== 'append') return call()
      appends += 1
      if (appends === 1) await first.opened
      if (appends !== 2) return call()
      await second.opened
      return end(call)
    })
    const engine = await openAcme({ store: open })
    onTestFinished(() => engine.close())
    const given = await assign(engine, ann, 'accountant')
    const begin = () => {
      appends = 0
    }
    return { engine, given, first, second, begin, appends: () => appends }
  }

  test('are taken back before anybody has a moment, and end it once they are stored', async () => {
    const { engine, given, first, second, begin, appends } = await holding((call) => call())
    begin()
    const before = momentOf(engine)
    const ahead = engine.createGroup({ organizationId: acme, name: 'first in line' })
    const together = [
      engine.removeAssignment(acme, given.id),
      engine.createGroup({ organizationId: acme, name: 'after it' }),
    ]
    first.open()
    await ahead
    await expect.poll(appends).toBe(2)
    expect(before.isOver).toBe(true)
    // The removal stood in the graph a moment ago, and is not durable.
    const meanwhile = momentOf(engine)
    expect(engine.atOnce.allows(billing)).toBe(true)
    second.open()
    await Promise.all(together)
    expect(meanwhile.isOver).toBe(true)
    expect(engine.atOnce.allows(billing)).toBe(false)
  })

  test('leave no answer behind where the disk is full', async () => {
    const { engine, first, second, begin, appends } = await holding(() =>
      Promise.reject(new StoreFull('no room')),
    )
    begin()
    const ahead = engine.createGroup({ organizationId: acme, name: 'first in line' })
    const together = Promise.allSettled([
      assign(engine, bob, 'accountant'),
      engine.createGroup({ organizationId: acme, name: 'after it' }),
    ])
    first.open()
    await ahead
    await expect.poll(appends).toBe(2)
    const meanwhile = momentOf(engine)
    expect(engine.atOnce.allows({ ...billing, subject: bob })).toBe(false)
    second.open()
    await together
    // They were tried one by one, and both were stored then.
    expect(meanwhile.isOver).toBe(true)
    expect(engine.atOnce.allows({ ...billing, subject: bob })).toBe(true)
  })
})

describe('whoever watches the store', () => {
  test('is told of a change over SQLite when the moment before it is over', async () => {
    const engine = await openAcme({ store: sqlite(storeDirectory().file('authz.db')) })
    onTestFinished(() => engine.close())
    const given = await assign(engine, ann, 'accountant')
    const moment = momentOf(engine)
    const heard: unknown[] = []
    engine.changes.watch((shard) => heard.push([shard, moment.isOver, engine.atOnce.allows(billing)]))
    await engine.removeAssignment(acme, given.id)
    expect(heard).toEqual([[acme, true, false]])
  })
})

describe('a change that breaks off half-way', () => {
  test.each<[string, GraphChange]>([
    ['of what is not there', { op: 'remove', kind: 'assignment', id: 'role_assignment_gone' }],
    [
      'with somebody who is not there',
      {
        op: 'put',
        kind: 'group_member',
        entity: {
          id: 'group_gone/om_gone' as never,
          groupId: 'group_gone' as never,
          membershipId: 'om_gone' as never,
        },
      },
    ],
  ])('%s has ended the moment before it began', async (_, change) => {
    const store = await exclusive()()
    const graph = new OrganizationGraph(
      await openEnvironment(store, model, () => '2026-01-01T00:00:00.000Z', ulidSource()),
    )
    const { moment } = graph.records
    expect(moment.isOver).toBe(false)
    expect(() => applyChange(graph, change)).toThrow()
    expect(moment.isOver).toBe(true)
  })
})

describe('there is no moment', () => {
  test('of a store that others write, also when it has heard that nothing is newer', async () => {
    const store = memoryStore()
    const writer = await openAcme({ store })
    const own = await store()
    const revisions = new Map<ShardId, Revision>()
    for (const shard of [acme, environmentShard] as const) revisions.set(shard, await own.revision(shard))
    const known = new Proxy(own, {
      get(target, property) {
        if (property === 'known') return (shard: ShardId) => revisions.get(shard)
        const value: unknown = Reflect.get(target, property, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const reader = await openEngine({ store: async () => known, model, consistency: 'bounded' })
    onTestFinished(async () => {
      await Promise.all([writer.close(), reader.close()])
    })
    expect(await may(reader, ann, 'billing:manage')).toBe('no_grant')
    expect(reader.atOnce.allows(billing)).toBe(false)
    expect(reader.atOnce.moment(acme)).toBeUndefined()
  })

  test('of a store that others write, however new an answer must be', async () => {
    for (const consistency of ['strong', 'bounded'] as const) {
      const store = memoryStore()
      const engine = await openAcme({ store })
      onTestFinished(() => engine.close())
      const reader = await openEngine({ store, model, consistency })
      onTestFinished(() => reader.close())
      expect(await may(reader, ann, 'project:view', project('web'))).toBe('no_grant')
      expect([engine, reader].map(({ atOnce }) => atOnce.moment(acme))).toEqual([undefined, undefined])
    }
  })
})
