import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { defineModel, type MembershipId, type OrganizationId, StoreUnavailable } from '@bailiwick/core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { watchedStore } from '../fixtures/watched-store.js'
import { memoryStore, openEngine } from '../index.js'

const model = defineModel({
  resourceTypes: { project: { parents: ['organization'] } },
  permissions: { 'project:view': 'project' },
  roles: {},
})
const withViewer = defineModel({
  resourceTypes: { project: { parents: ['organization'] } },
  permissions: { 'project:view': 'project' },
  roles: { viewer: { on: 'project', permissions: ['project:view'] } },
})
const ann = { membershipId: 'om_ann' as MembershipId }

test('who is asked for without waiting is the last to be let go', async () => {
  const store = memoryStore({ access: 'exclusive' })
  const one = 'org_one' as OrganizationId
  const other = 'org_other' as OrganizationId
  const third = 'org_third' as OrganizationId
  const writing = await openEngine({ store, model })
  for (const organizationId of [one, other, third]) {
    await writing.createOrganization({ id: organizationId, name: 'x' })
    const names = Array.from({ length: 2_000 }, (_, n) => `${n} ${'x'.repeat(120)}`)
    await Promise.all(
      names.map((externalId) =>
        writing.createResource({ organizationId, type: 'project', externalId, name: 'x' }),
      ),
    )
  }
  await writing.close()
  // Two of them fit.
  const engine = await openEngine({ store, model, maxMemoryMb: 1 })
  for (const id of [one, other]) await engine.hasResource(id, { type: 'organization', externalId: id })
  expect([one, other].map((id) => engine.isAtHand(id))).toEqual([true, true])
  engine.subject(one, ann).allows('project:view', { type: 'project', externalId: 'web' })
  await engine.hasResource(third, { type: 'organization', externalId: third })
  expect([one, other, third].map((id) => engine.isAtHand(id))).toEqual([true, false, true])
  await engine.close()
  expect([one, third].map((id) => engine.isAtHand(id))).toEqual([false, false])
})

test('who grows while being written is weighed as it grows', async () => {
  const engine = await openEngine({ store: memoryStore({ access: 'exclusive' }), model, maxMemoryMb: 1 })
  onTestFinished(() => engine.close())
  const [small, large] = ['org_small' as OrganizationId, 'org_large' as OrganizationId]
  for (const id of [small, large]) await engine.createOrganization({ id, name: 'x' })
  const grow = (organizationId: OrganizationId, from: number, to: number) =>
    Promise.all(
      Array.from({ length: to - from }, (_, n) =>
        engine.createResource({
          organizationId,
          type: 'project',
          externalId: `${from + n} ${'x'.repeat(120)}`,
          name: 'x',
        }),
      ),
    )
  await grow(large, 0, 100)
  expect([small, large].map((id) => engine.isAtHand(id))).toEqual([true, true])
  await grow(large, 100, 5_000)
  expect([small, large].map((id) => engine.isAtHand(id))).toEqual([false, true])
})

test('a write to an organization that cannot be read fails, and the next one reads it', async () => {
  const store = memoryStore({ access: 'exclusive' })
  const organizationId = 'org_one' as OrganizationId
  const first = await openEngine({ store, model })
  await first.createOrganization({ id: organizationId, name: 'x' })
  await first.close()
  let fails = false
  const { open } = watchedStore(store, (method, call) =>
    fails && method === 'load' ? Promise.reject(new StoreUnavailable('the disk is gone')) : call(),
  )
  const engine = await openEngine({ store: open, model })
  onTestFinished(() => engine.close())
  const web = { organizationId, type: 'project', externalId: 'web', name: 'Web' } as const
  fails = true
  const refused = await Promise.allSettled([engine.createResource(web), engine.createResource(web)])
  expect(refused).toMatchObject([1, 2].map(() => ({ status: 'rejected', reason: { kind: 'unavailable' } })))
  fails = false
  expect((await engine.createResource(web)).value).toMatchObject({ externalId: 'web' })
})

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

describe('organizations that do not exist', () => {
  const question = (organizationId: string) => ({
    organizationId: organizationId as OrganizationId,
    subject: ann,
    permission: 'project:view',
    resource: { type: 'project', externalId: 'web' },
  })

  test.each(['exclusive', 'shared'] as const)(
    'over a store that is %s, are there once they are made',
    async (access) => {
      const store = memoryStore({ access })
      const engine = await openEngine({ store, model: withViewer })
      for (const name of ['org_one', 'org_other', 'org_third']) {
        const id = name as OrganizationId
        expect(await engine.check(question(id))).toMatchObject({
          kind: 'deny',
          reason: 'organization_unknown',
        })
        const writer = access === 'shared' ? await openEngine({ store }) : engine
        await writer.createOrganization({ id, name: 'x' })
        const { value } = await writer.createMembership({
          id: `om_${name}` as MembershipId,
          organizationId: id,
          userId: 'ann',
        })
        await writer.createResource({ organizationId: id, type: 'project', externalId: 'web', name: 'Web' })
        const { resource } = question(id)
        await writer.assignRole({
          organizationId: id,
          subject: { membershipId: value.id },
          role: 'viewer',
          resource,
        })
        const asked = { ...question(id), subject: { membershipId: value.id } }
        expect((await engine.check(asked)).kind).toBe('allow')
        // The next one begins empty, as this one did.
        expect((await engine.check({ ...asked, organizationId: 'org_none' as OrganizationId })).kind).toBe(
          'deny',
        )
      }
    },
  )

  test('100 000 of them take no memory', async () => {
    const engine = await openEngine({ store: memoryStore({ access: 'exclusive' }), model })
    const ask = async (name: string, many: number) => {
      for (let n = 0; n < many; n++) await engine.check(question(`org_${name}_${n}`))
      collectGarbage()
      const { heapUsed, arrayBuffers } = process.memoryUsage()
      return heapUsed + arrayBuffers
    }
    const before = await ask('first', 1_000)
    expect((await ask('random', 100_000)) - before).toBeLessThan(5_000_000)
    await engine.close()
  })
})
