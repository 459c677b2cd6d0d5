import { defineModel, type MembershipId, type OrganizationId } from '@bailiwick/core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { type EmbeddedEngine, memoryStore, openEngine } from '../index.js'

// Every id has the same hash here: only the comparison of the whole tells them apart.
vi.mock('./wanted-text.js', async (original) => {
  const real = await original<typeof import('./wanted-text.js')>()
  class Alike extends real.WantedText {
    override read(text: string, from: number, salt: number): number {
      return super.read(text, from, salt) === real.absent ? real.absent : 42
    }
  }
  return { ...real, WantedText: Alike, hashOfText: () => 42 }
})

const acme = 'org_acme' as OrganizationId
const count = 60
const longest = 'x'.repeat(128)

let engine: EmbeddedEngine

beforeAll(async () => {
  const model = defineModel({
    resourceTypes: { team: { parents: ['organization'] }, project: { parents: ['organization'] } },
    permissions: { 'team:view': 'team', 'project:view': 'project' },
    roles: { member: { on: 'organization', permissions: ['project:view'] } },
  })
  engine = await openEngine({ store: memoryStore({ access: 'exclusive' }), model })
  await engine.createOrganization({ id: acme, name: 'Acme' })
  for (let n = 0; n < count; n++) {
    const id = `om_${n}` as MembershipId
    await engine.createMembership({ organizationId: acme, userId: `user_${n}`, id, roles: ['member'] })
  }
  for (const externalId of [...Array.from({ length: count }, (_, n) => `${n}`), longest])
    await engine.createResource({ organizationId: acme, type: 'project', externalId, name: 'x' })
  await engine.createResource({ organizationId: acme, type: 'team', externalId: 'only a team', name: 'x' })
  await engine.deleteResource(acme, { type: 'project', externalId: '7' })
})

const asking = (membershipId: string, externalId: string, type = 'project') => ({
  organizationId: acme,
  subject: { membershipId: membershipId as MembershipId },
  permission: 'project:view',
  resource: { type, externalId },
})

const ask = (...asked: Parameters<typeof asking>) => engine.check(asking(...asked))

describe('a membership and a resource that are looked up together', () => {
  test('are each found for whatever the other one is', async () => {
    for (let n = 0; n < count; n++) {
      expect(await ask(`om_${n}`, `${count - 1 - n}`)).toMatchObject({
        kind: n === count - 8 ? 'deny' : 'allow',
      })
      expect(await ask(`om_${n}`, `${n}!`)).toMatchObject({ kind: 'deny', reason: 'resource_unknown' })
      expect(await ask(`om_${n}!`, `${n}`)).toMatchObject({ kind: 'deny', reason: 'membership_unknown' })
    }
    expect(await ask('om_1', '1')).toMatchObject({ kind: 'allow' })
  })

  test('are found as well among many that are looked up at a time', async () => {
    const pairs = Array.from({ length: count }, (_, n) => [`om_${n}`, `${count - 1 - n}`] as const)
    const decisions = await engine.checkMany(pairs.map(([id, externalId]) => asking(id, externalId)))
    expect(decisions.map(({ kind }) => kind)).toEqual(pairs.map(([, at]) => (at === '7' ? 'deny' : 'allow')))
    const unknown = pairs.map(([id, externalId], n) => asking(n % 2 ? `${id}!` : id, `${externalId}!`))
    expect(new Set((await engine.checkMany(unknown)).map(({ kind }) => kind))).toEqual(new Set(['deny']))
  })

  test.each([
    ['om_1', longest, 'allow'],
    ['om_1', `${longest}x`, 'resource_unknown'],
    ['om_1', longest.slice(1), 'resource_unknown'],
    ['om_1', '', 'resource_unknown'],
    ['om_1', '\0', 'resource_unknown'],
    ['om_1', 'é', 'resource_unknown'],
    ['om_1', '7', 'resource_unknown'],
    ['om_1', 'only a team', 'resource_unknown'],
    [`om_${longest}x`, '1', 'membership_unknown'],
    ['om_é', '1', 'membership_unknown'],
    ['om_', '1', 'membership_unknown'],
    ['1', '1', 'membership_unknown'],
    // The hash of what cannot be there leads to a slot all the same.
    ['om_é', 'é', 'membership_unknown'],
  ])('%j on %j: %s', async (membershipId, externalId, expected) => {
    const decision = await ask(membershipId, externalId)
    expect(decision.kind === 'deny' ? decision.reason : decision.kind).toBe(expected)
  })

  test('are found through a handle as well, asked once or many times', () => {
    const web = { type: 'project', externalId: '1' }
    for (const id of ['om_1', 'om_1!']) {
      const membershipId = id as MembershipId
      const kept = engine.subject(acme, { membershipId })
      for (const resource of [web, { ...web, externalId: '1!' }, { ...web, type: 'team' }, web]) {
        const expected = id === 'om_1' && resource === web
        expect(kept.allows('project:view', resource)).toBe(expected)
        expect(engine.subject(acme, { membershipId }).allows('project:view', resource)).toBe(expected)
      }
    }
  })
})
