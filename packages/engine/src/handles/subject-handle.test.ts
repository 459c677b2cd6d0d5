import { defineModel, type MembershipId, type OrganizationId } from '@bailiwick/core'
import { beforeEach, describe, expect, test } from 'vitest'
import type { EmbeddedEngine } from '../embedded-engine.js'
import { openEngine } from '../open-engine.js'
import { memoryStore } from '../store/memory-store.js'

const model = defineModel({
  resourceTypes: { project: { parents: ['organization'] } },
  permissions: { 'project:edit': 'project' },
  roles: { editor: { on: 'project', permissions: ['project:edit'] } },
})

const acme = 'org_acme' as OrganizationId
const globex = 'org_globex' as OrganizationId
const ann = { membershipId: 'om_ann' as MembershipId }
const bob = { membershipId: 'om_bob' as MembershipId }
const web = { type: 'project', externalId: 'web' }
const ops = { type: 'project', externalId: 'ops' }

let engine: EmbeddedEngine

beforeEach(async () => {
  engine = await openEngine({ store: memoryStore({ access: 'exclusive' }), model })
  await engine.createOrganization({ id: acme, name: 'Acme' })
  for (const { membershipId } of [ann, bob]) {
    await engine.createMembership({ organizationId: acme, userId: `user_${membershipId}`, id: membershipId })
  }
  for (const { externalId } of [web, ops]) {
    await engine.createResource({ organizationId: acme, type: 'project', externalId, name: externalId })
  }
  await engine.assignRole({ organizationId: acme, subject: ann, role: 'editor', resource: web })
})

test('a permission handle follows the model', async () => {
  const edit = engine.permission('project:edit')
  const handle = engine.subject(acme, ann)
  expect(handle.allows(edit, web)).toBe(true)
  await engine.createPermission({ slug: 'a:first', on: 'organization' })
  await engine.check({ organizationId: acme, subject: ann, permission: 'project:edit', resource: web })
  expect(handle.allows(edit, web)).toBe(true)
  expect(handle.allows(edit, ops)).toBe(false)
})

describe('a subject handle', () => {
  test('answers as a check does, for resources by name and by handle', () => {
    const handle = engine.subject(acme, ann)
    expect(handle.allows('project:edit', web)).toBe(true)
    expect(handle.allows('project:edit', engine.resource(acme, web))).toBe(true)
    expect(handle.allows('project:edit', ops)).toBe(false)
    expect(handle.allows('project:edit', engine.resource(acme, ops))).toBe(false)
    expect(handle.allows('project:edit')).toBe(false)
    expect(() => handle.allows('project:edti', web)).toThrow('did you mean `project:edit`?')
    const edit = engine.permission('project:edit')
    expect(handle.allows(edit, engine.resource(acme, web))).toBe(true)
    expect(handle.allows(edit, engine.resource(acme, ops))).toBe(false)
    expect(() => handle.allows(engine.permission('project:edti'), web)).toThrow(
      'did you mean `project:edit`?',
    )
  })

  test('follows every change at once', async () => {
    const handle = engine.subject(acme, ann)
    const resource = engine.resource(acme, web)
    const { value } = await engine.assignRole({
      organizationId: acme,
      subject: ann,
      role: 'editor',
      resource: ops,
    })
    expect(handle.allows('project:edit', ops)).toBe(true)
    await engine.removeAssignment(acme, value.id)
    expect(handle.allows('project:edit', ops)).toBe(false)
    await engine.setMembershipStatus(acme, ann, 'inactive')
    expect(handle.allows('project:edit', resource)).toBe(false)
    await engine.setMembershipStatus(acme, ann, 'active')
    expect(handle.allows('project:edit', resource)).toBe(true)
  })

  test('finds a resource that was not there when it was asked about first', async () => {
    const handle = engine.subject(acme, ann)
    const later = { type: 'project', externalId: 'later' }
    const resource = engine.resource(acme, later)
    expect(handle.allows('project:edit', resource)).toBe(false)
    await engine.createResource({ organizationId: acme, type: 'project', externalId: 'later', name: 'Later' })
    expect(handle.allows('project:edit', resource)).toBe(false)
    await engine.assignRole({ organizationId: acme, subject: ann, role: 'editor', resource: later })
    expect(handle.allows('project:edit', resource)).toBe(true)
    await engine.deleteResource(acme, later, { cascade: true })
    expect(handle.allows('project:edit', resource)).toBe(false)
  })

  test('looks as far up as a model reaches', async () => {
    const steps = ['region', 'site', 'building', 'floor', 'room']
    const deep = await openEngine({
      store: memoryStore({ access: 'exclusive' }),
      model: defineModel({
        resourceTypes: {
          region: { parents: ['organization'] },
          site: { parents: ['region'] },
          building: { parents: ['site'] },
          floor: { parents: ['building'] },
          room: { parents: ['floor'] },
        },
        permissions: { 'room:enter': 'room' },
        roles: { warden: { on: 'region', permissions: ['room:enter'] } },
      }),
    })
    await deep.createOrganization({ id: acme, name: 'Acme' })
    for (const { membershipId } of [ann, bob])
      await deep.createMembership({ organizationId: acme, userId: `user_${membershipId}`, id: membershipId })
    for (const [n, type] of steps.entries()) {
      const above = steps[n - 1]
      const parent = above === undefined ? {} : { parent: { type: above, externalId: above } }
      await deep.createResource({ organizationId: acme, type, externalId: type, name: type, ...parent })
    }
    const region = { type: 'region', externalId: 'region' }
    await deep.assignRole({ organizationId: acme, subject: ann, role: 'warden', resource: region })
    const room = { type: 'room', externalId: 'room' }
    expect(deep.subject(acme, ann).allows('room:enter', room)).toBe(true)
    expect(deep.subject(acme, bob).allows('room:enter', room)).toBe(false)
    await deep.close()
  })

  test('never takes one that came into the place of another for it', async () => {
    const handle = engine.subject(acme, ann)
    const resource = engine.resource(acme, web)
    expect(handle.allows('project:edit', resource)).toBe(true)
    await engine.deleteMembership(acme, ann)
    const cid = { membershipId: 'om_cid' as MembershipId }
    await engine.createMembership({ organizationId: acme, userId: 'user_cid', id: cid.membershipId })
    await engine.assignRole({ organizationId: acme, subject: cid, role: 'editor', resource: web })
    expect(engine.subject(acme, cid).allows('project:edit', resource)).toBe(true)
    expect(handle.allows('project:edit', resource)).toBe(false)

    await engine.deleteResource(acme, web, { cascade: true })
    await engine.createResource({ organizationId: acme, type: 'project', externalId: 'new', name: 'New' })
    await engine.assignRole({
      organizationId: acme,
      subject: cid,
      role: 'editor',
      resource: { type: 'project', externalId: 'new' },
    })
    expect(engine.subject(acme, cid).allows('project:edit', resource)).toBe(false)
  })

  test('finds nothing of another organization', async () => {
    await engine.createOrganization({ id: globex, name: 'Globex' })
    await engine.createMembership({
      organizationId: globex,
      userId: 'user_eve',
      id: 'om_eve' as MembershipId,
    })
    await engine.createResource({ organizationId: globex, type: 'project', externalId: 'web', name: 'Web' })
    const theirs = engine.resource(globex, web)
    expect(engine.subject(globex, { userId: 'user_eve' }).allows('project:edit', theirs)).toBe(false)
    expect(engine.subject(acme, ann).allows('project:edit', theirs)).toBe(false)
    expect(engine.subject(globex, ann).allows('project:edit', web)).toBe(false)
  })

  test('says that it cannot tell while its organization is not in memory, and can once a check has loaded it', async () => {
    const store = memoryStore({ access: 'exclusive' })
    const first = await openEngine({ store, model })
    await first.createOrganization({ id: acme, name: 'Acme' })
    await first.createMembership({ organizationId: acme, userId: 'user_ann', id: ann.membershipId })
    await first.close()
    const second = await openEngine({ store, model })
    const handle = second.subject(acme, ann)
    expect(handle.allows('project:edit')).toBeUndefined()
    await second.check({ organizationId: acme, subject: ann, permission: 'project:edit' })
    expect(handle.allows('project:edit')).toBe(false)
    await second.close()
    expect(handle.allows('project:edit')).toBeUndefined()
  })
})
